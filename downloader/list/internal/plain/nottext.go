package plain

import (
	"bytes"
	"fmt"
)

// NotText returns an error if the first line of a list shows that the list is no text. All
// lines of such a list would fail, and say nothing.
func NotText(first []byte) error {
	for _, format := range []struct{ magic, name, advice string }{
		{"PK\x03\x04", "a ZIP archive or a spreadsheet", "take the list out of it, one URL on each line"},
		{"PAR1", "a Parquet file, compressed as a whole or not a file", "save it as it is to a file, and name that"},
		{"SQLite format 3\x00", "an SQLite database", "write its URLs to a text file, one on each line"},
		{"%PDF-", "a PDF file", "write its URLs to a text file, one on each line"},
		{"\x89PNG", "a PNG image", "name a list of URLs"},
		{"\xff\xd8\xff", "a JPEG image", "name a list of URLs"},
		{"GIF8", "a GIF image", "name a list of URLs"},
		{"\x7fELF", "a program", "name a list of URLs"},
	} {
		if bytes.HasPrefix(first, []byte(format.magic)) {
			return fmt.Errorf("this is %s, not a list: %s", format.name, format.advice)
		}
	}
	return nil
}
