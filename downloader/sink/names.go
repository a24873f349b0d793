package sink

import (
	"bytes"
	"fmt"
	"path"
	"strconv"
	"strings"

	"grab/downloader/imagefile"
)

// EarlierDir is the folder, in the directory, for images that are in no list any more.
const EarlierDir = "earlier"

// Name is the name of an item's file with that extension.
func Name(index int, ext string) string { return "image_" + strconv.Itoa(index) + ext }

// Ext returns the extension of name, which must be a [Name] of that index. It does not
// check that images have such an extension: see [IsExt].
func Ext(index int, name []byte) (ext []byte, ok bool) {
	var buf [32]byte
	stem := strconv.AppendInt(append(buf[:0], "image_"...), int64(index), 10)
	ext, ok = bytes.CutPrefix(name, stem)
	return ext, ok && len(ext) > 0 && ext[0] == '.'
}

// IsExt reports whether files of images have that extension.
func IsExt(ext string) bool { return imagefile.KnownExtension(ext) }

// ParseName takes a [Name] apart. ok is false if name is none.
func ParseName(name string) (index int, ext string, ok bool) {
	number, found := strings.CutPrefix(name, "image_")
	ext = path.Ext(number)
	index, ok = parseNumber(strings.TrimSuffix(number, ext))
	return index, ext, ok && found && IsExt(ext)
}

// ParseStem returns the index of a [Name] whose extension is cut off.
func ParseStem(stem string) (index int, ok bool) {
	number, found := strings.CutPrefix(Fold(stem), "image_")
	index, ok = parseNumber(number)
	return index, ok && found
}

// IsImage reports whether grab may have given a file that name, which is relative to
// the directory: a [Name], or one with a number behind it because another file has
// that, there or in the folder [EarlierDir]. Whoever planted a manifest could have
// named any other file.
func IsImage(name string) bool {
	name = strings.TrimPrefix(name, EarlierDir+"/")
	if _, _, ok := ParseName(name); ok {
		return true
	}
	ext := path.Ext(name)
	stem, copied, found := strings.Cut(strings.TrimSuffix(name, ext), "-")
	n, isNumber := parseNumber(copied)
	_, _, ok := ParseName(stem + ext)
	return found && isNumber && n >= 2 && ok
}

// PartDir is the name of the directory for a part of a list: part-03-of-10. Lists that are
// divided otherwise have other names, so that their parts do not mix.
func PartDir(number, of int) string {
	digits := strconv.Itoa(of)
	return fmt.Sprintf("part-%0*d-of-%s", len(digits), number, digits)
}

// IsPartDir reports whether a directory may be that of a part.
func IsPartDir(name string) bool {
	number, of, found := strings.Cut(strings.TrimPrefix(name, "part-"), "-of-")
	n, err := strconv.Atoi(number)
	parts, ok := parseNumber(of)
	return found && err == nil && ok && n >= 1 && n <= parts && name == PartDir(n, parts)
}

// parseNumber reads a number as grab writes it.
func parseNumber(digits string) (int, bool) {
	n, err := strconv.ParseUint(digits, 10, 31)
	return int(n), err == nil && (digits == "0" || digits[0] != '0')
}
