package naming

import (
	"encoding/json"
	"strings"

	"grab/downloader"
)

// columns are the cells of an item's row, read when the first is wanted.
type columns struct {
	fields downloader.Fields
	cells  map[string]json.RawMessage
}

// of returns the text of a cell, and whether the row has the column. Like the columns of a
// list, it may be written in another case. Numbers and truth values are texts as well.
func (c *columns) of(column string) (text string, ok bool) {
	if c.fields == "" {
		return "", false
	}
	if c.cells == nil {
		_ = json.Unmarshal([]byte(c.fields), &c.cells)
	}
	cell, ok := c.cells[column]
	for name, other := range c.cells {
		if !ok && strings.EqualFold(name, column) {
			cell, ok = other, true
		}
	}
	if !ok {
		return "", false
	}
	switch cell[0] {
	case '"':
		_ = json.Unmarshal(cell, &text)
	case '{', '[', 'n':
	default:
		text = string(cell)
	}
	return strings.TrimSpace(text), true
}

// filename returns what a row has in its column filename.
func filename(fields downloader.Fields) string {
	const key = `"filename"`
	for at := 0; at < len(fields); at++ { // a row seldom has it, and reading one takes longer
		colon := strings.IndexByte(string(fields[at:]), ':')
		if colon < 0 {
			return ""
		}
		at += colon
		if at >= len(key) && strings.EqualFold(string(fields[at-len(key):at]), key) {
			text, _ := (&columns{fields: fields}).of("filename")
			return text
		}
	}
	return ""
}

// withoutMarks removes the marks of a pattern from a text of the list.
func withoutMarks(text string) string { return strings.ReplaceAll(text, "\x00", "_") }
