package imagefile

import (
	"bytes"
	"math"
	"strconv"
	"strings"
)

// byteOrderMark may begin a text in UTF-8.
const byteOrderMark = "\xef\xbb\xbf"

// isSVG reports whether b begins like an SVG: its first element has that name, or the
// document type says that it will have.
func isSVG(b []byte) bool {
	if hasAt(b, 0, byteOrderMark) {
		b = b[len(byteOrderMark):]
	}
	for {
		b = bytes.TrimLeft(b, " \t\r\n")
		end := ""
		switch {
		case hasAt(b, 0, "<?"):
			end = "?>"
		case hasAt(b, 0, "<!--"):
			end = "-->"
		case hasAt(b, 0, "<!DOCTYPE"):
			name := bytes.TrimLeft(b[len("<!DOCTYPE"):], " \t\r\n")
			return isSVGName(name)
		case hasAt(b, 0, "<"):
			return isSVGName(b[1:])
		default:
			return false
		}
		_, rest, found := bytes.Cut(b, []byte(end))
		if !found {
			return false
		}
		b = rest
	}
}

// isSVGName reports whether b begins with the name svg, which may have a prefix.
func isSVGName(b []byte) bool {
	n := bytes.IndexAny(b, " \t\r\n/>[")
	if n < 0 {
		return false
	}
	return svgLocal(string(b[:min(n, maxSVGText)])) == "svg"
}

// svgLocal returns a name without its prefix.
func svgLocal(name string) string { return name[strings.IndexByte(name, ':')+1:] }

// checkSVG checks that the file is well-formed XML up to the end of its first element:
// XML 1.0, section 2.1. It expands no entities: a reference only has to have the right
// form, and a file without a document type may use only the five that XML has.
func checkSVG(w *window) (Info, error) {
	var info Info
	p := &xmlReader{window: w}
	if b, err := w.at(0, int(min(w.size, int64(len(byteOrderMark))))); err == nil &&
		strings.HasPrefix(byteOrderMark, string(b)) {
		p.next = int64(len(b))
	}
	p.element = func(name string) {
		if svgLocal(name) != "svg" {
			p.fail("the document is no SVG, but %.20q", name)
		}
	}
	var box string
	p.attribute = func(name, value string) {
		switch name {
		case "width":
			info.Width = svgLength(value)
		case "height":
			info.Height = svgLength(value)
		case "viewBox":
			box = value
		}
	}
	p.document()
	if info.Width == 0 || info.Height == 0 {
		info.Width, info.Height = svgViewBox(box)
	}
	if p.err == nil {
		info.TrailingBytes = w.size - p.next
	}
	return info, p.err
}

// svgLength returns a length in pixels, or 0 if it has another unit.
func svgLength(text string) int {
	v, err := strconv.ParseFloat(strings.TrimSuffix(strings.TrimSpace(text), "px"), 64)
	if err != nil || !(v > 0 && v < 1<<31-1) {
		return 0
	}
	return max(1, int(math.Round(v)))
}

// svgViewBox returns the width and the height of a view box.
func svgViewBox(text string) (width, height int) {
	f := strings.FieldsFunc(text, func(r rune) bool { return r == ' ' || r == ',' || r == '\n' })
	if len(f) != 4 {
		return 0, 0
	}
	width, height = svgLength(f[2]), svgLength(f[3])
	if width == 0 || height == 0 {
		return 0, 0
	}
	return width, height
}
