package sanitize

import (
	"strings"
	"unicode"
)

// Cell returns a text for a cell of a table: in one line as [Text] makes it, and quoted
// if a spreadsheet would take it for a formula. Some take the full-width forms of the
// signs too, and pass over what is blank before them.
func Cell(text string) string {
	text = Text(text, 8*len(text)) // whole, even if all of it is escaped
	start := strings.TrimLeftFunc(text, unicode.IsSpace)
	if start != "" && strings.ContainsRune("=+-@\uff1d\uff0b\uff0d\uff20\ufe66\ufe62\ufe63\ufe6b\u2212", []rune(start)[0]) {
		return "'" + text
	}
	return text
}
