package list

import (
	"bytes"
	"path/filepath"
	"slices"
	"strings"
)

// Format is how a list is written.
type Format string

// The formats.
const (
	Text  Format = "text"  // a URL on each line
	CSV   Format = "csv"   // RFC 4180; the separator is a comma, a semicolon or a tab
	TSV   Format = "tsv"   // the same with tabs, where a quote inside a cell is itself
	JSONL Format = "jsonl" // a JSON object on each line
	Aria2 Format = "aria2" // URLs on a line, and options on indented lines after it
)

// Formats returns all formats.
func Formats() []Format { return []Format{Text, CSV, TSV, JSONL, Aria2} }

// Form is what a list of some entries of another needs, so that they are the same there.
type Form struct {
	Format Format
	Header string // the first row of a table, with its end
	Column string // of the URLs, of a list without a header
}

// HasComments reports whether lists of a format can say something beside their entries.
func (f Format) HasComments() bool { return f == Text || f == Aria2 }

// formatOf tells the format of a list from its name, or else from its first line.
func formatOf(name string, first []byte) Format {
	if strings.Contains(name, "://") {
		name = name[:strings.IndexAny(name+"?", "?#")]
	}
	name = strings.ToLower(filepath.Base(name))
	for _, packed := range []string{".gz", ".zst", ".bz2", ".xz"} {
		name = strings.TrimSuffix(name, packed)
	}
	switch filepath.Ext(name) {
	case ".csv":
		return CSV
	case ".tsv", ".tab":
		return TSV
	case ".jsonl", ".ndjson":
		return JSONL
	case ".aria2":
		return Aria2
	}
	first = bytes.TrimSpace(bytes.TrimPrefix(first, []byte("\xef\xbb\xbf")))
	if len(first) == 0 || first[0] == '#' {
		return Text
	}
	if first[0] == '{' && first[len(first)-1] == '}' {
		return JSONL
	}
	for _, separator := range ",;\t" {
		cells := strings.Split(string(first), string(separator))
		if len(cells) > 1 && slices.ContainsFunc(cells, func(cell string) bool { return rank(strings.Trim(cell, `" `)) >= 0 }) {
			return CSV
		}
	}
	return Text
}

// rank returns how likely a column with this name has the URLs of images: 0 is most
// likely, and a negative number says that it does not.
func rank(name string) int {
	return slices.Index([]string{
		"url", "image_url", "imageurl", "img_url", "image url", "image_link", "image link", "link", "src", "image_src", "href", "uri", "image",
	}, strings.ToLower(strings.TrimSpace(name)))
}
