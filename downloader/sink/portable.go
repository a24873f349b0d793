package sink

import (
	"path"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"grab/downloader"
)

// Limits of a name, in bytes. An encrypted home directory (eCryptfs) has room for 143 bytes
// in each element, with the extension and a number that are added later. The tables of
// names that are read again allow for these.
const (
	maxElement = 120
	maxPath    = 700
	addedLater = 20
)

// Portable returns the name below the directory that a wanted name becomes. Linux, macOS
// and Windows all take it, and it cannot lead out of the directory, nor to what grab keeps
// there. Applied to its own result, it changes nothing. Marks of a pattern stay.
func Portable(wanted string) string { return portable(wanted, 0) }

func portable(wanted string, more int) string {
	var elements []string
	size := 0
	wanted = strings.Trim(wanted, "/")
	last := strings.Count(wanted, "/")
	for i, text := range strings.Split(wanted, "/") {
		if text == "" && last > 0 {
			continue
		}
		folder := i < last
		element := portableElement(text, folder, len(elements) == 0, maxElement+more)
		if size += len(element) + 1; folder && size > maxPath-maxElement+more {
			size -= len(element) + 1
			continue // too deep: the last element tells most
		}
		elements = append(elements, element)
	}
	return strings.Join(elements, "/")
}

// portableElement makes one element of a path portable.
func portableElement(text string, isFolder, first bool, limit int) string {
	text = norm.NFC.String(visible(strings.ToValidUTF8(text, "_")))
	text = trimElement(text)
	if strings.HasPrefix(text, ".") || isReserved(text) || isFolder && first && isOwn(text) {
		text = "_" + text
	}
	if isFolder && IsExt(strings.ToLower(path.Ext(text))) {
		text += "_" // a file may have the name
	}
	if len(text) > limit {
		text = trimElement(cut(text, limit))
		if isFolder && IsExt(strings.ToLower(path.Ext(text))) {
			text = cut(text, limit-1) + "_"
		}
	}
	if text == "" {
		return "_"
	}
	return text
}

// trimElement removes what Windows drops from the end of a name, and spaces at its start.
func trimElement(text string) string {
	return strings.TrimLeft(strings.TrimRight(text, " ."), " ")
}

// cut returns at most n bytes of text, and no part of a character or of a mark.
func cut(text string, n int) string {
	if len(text) <= n {
		return text
	}
	for n > 0 && !utf8.RuneStart(text[n]) {
		n--
	}
	if at := strings.LastIndexByte(text[:n], mark); at >= 0 && n-at < markSize {
		n = at
	}
	return text[:n]
}

// visible replaces the characters that no name has on Windows, and drops those that cannot
// be seen, such as the ones that change the direction of a text (CVE-2021-42574).
func visible(text string) string {
	var b strings.Builder
	for i, r := range text {
		switch {
		case isMark(text[i:]):
			b.WriteRune(r)
		case strings.ContainsRune(`<>:"/\|?*`, r):
			b.WriteByte('_')
		case r == '~' && i+1 < len(text) && text[i+1] >= '0' && text[i+1] <= '9':
			b.WriteByte('_') // GRAB~1 is the short name of .grab on Windows
		case unicode.Is(unicode.Cf, r):
		case !unicode.IsGraphic(r):
			b.WriteByte('_')
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}

// isReserved reports whether Windows takes a name for a device, whatever its extension.
func isReserved(name string) bool {
	stem, _, _ := strings.Cut(name, ".")
	stem = strings.ToUpper(strings.TrimRight(stem, " "))
	switch stem {
	case "CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$", "CLOCK$":
		return true
	}
	number, found := strings.CutPrefix(stem, "COM")
	if !found {
		number, found = strings.CutPrefix(stem, "LPT")
	}
	return found && utf8.RuneCountInString(number) == 1 && strings.Contains("0123456789¹²³", number)
}

// isOwn reports whether a folder of that name would be in grab's own way.
func isOwn(name string) bool {
	folded := Fold(name)
	return folded == EarlierDir || folded == "manifest.jsonl" || folded == downloader.StateDir
}

// Stem returns a file's name without its extension.
func Stem(name string) string { return strings.TrimSuffix(name, path.Ext(name)) }

// IsGiven reports whether grab may have given a file that name: see [IsImage]. By a
// template, that may be any portable name with the extension of an image.
func IsGiven(name string) bool {
	if IsImage(name) {
		return true
	}
	name, isEarlier := strings.CutPrefix(name, EarlierDir+"/")
	stem := Stem(name)
	return IsExt(path.Ext(name)) && (!isEarlier || !strings.Contains(stem, "/")) &&
		strings.IndexByte(stem, mark) < 0 && portable(stem, addedLater) == stem
}
