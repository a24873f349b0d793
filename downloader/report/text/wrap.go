package text

import (
	"strings"
	"unicode/utf8"
)

// columns is how wide a terminal is taken to be.
const columns = 80

// wrap writes a text with an indent, in lines of less than 80 columns that break between words.
func wrap(b *strings.Builder, indent, text string) {
	length, space := 0, indent
	for word := range strings.FieldsSeq(text) {
		width := utf8.RuneCountInString(space + word)
		if length > 0 && length+width >= columns {
			b.WriteByte('\n')
			length, space = 0, indent
			width = utf8.RuneCountInString(space + word)
		}
		b.WriteString(space + word)
		length, space = length+width, " "
	}
	b.WriteByte('\n')
}
