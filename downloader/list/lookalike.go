package list

import (
	"bytes"
	"fmt"
	"strings"

	"grab/downloader/internal/sanitize"
	"grab/downloader/internal/weburl"
)

// notText returns an error if the first line of a list shows that the list is no text. All
// lines of such a list would fail, and say nothing.
func notText(first []byte) error {
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

// lookalike returns what an entry is that is not a URL, and what to do. It returns "" for
// a URL, and for what has any other fault.
func lookalike(raw string) string {
	const column = "read it with -list-format csv"
	inside := strings.TrimLeft(raw, `"'`)
	switch {
	case weburl.IsData(raw), schemeOf(raw) != "" && !hasScheme(raw) && strings.HasPrefix(raw[len(schemeOf(raw)):], "://"):
		return ""
	case hasScheme(raw):
		if strings.ContainsAny(raw, "\t") {
			return "this looks like a table with tabs: read it with -list-format tsv"
		}
		if strings.Contains(raw, `,"`) || strings.Contains(raw, `;"`) {
			return "this looks like CSV: " + column
		}
		if strings.Contains(raw, " http://") || strings.Contains(raw, " https://") {
			return "more than one URL on a line: write each on a line of its own"
		}
		return ""
	case strings.HasPrefix(raw, "{"), strings.HasPrefix(raw, "["), strings.HasPrefix(raw, `"`) && strings.Contains(raw, `": `):
		return "this looks like JSON: write an object on each line, and read it with -list-format jsonl"
	case strings.HasPrefix(raw, "<"):
		return "this looks like HTML or XML: write its URLs to a list, one on each line"
	case strings.Contains(raw, "\t") && strings.Contains(raw, "://"):
		return "this looks like a table with tabs: read it with -list-format tsv"
	case strings.ContainsAny(raw, ",;") && (inside != raw || strings.Contains(raw, "://")):
		return "this looks like CSV: " + column
	case hasScheme(inside):
		return "a quote before the URL and none after it, or more than the URL between them"
	case strings.Contains(raw, " http://"), strings.Contains(raw, " https://"):
		return "words before the URL: write the URL alone"
	case isOption(raw):
		return "this looks like an option of aria2: read the list with -list-format aria2"
	case strings.HasPrefix(raw, "//"):
		return "no scheme: write https:" + hint(raw)
	case schemeOf(raw) != "":
		return ""
	case strings.ContainsAny(raw, ",;"):
		return "no URL; if this is CSV: " + column
	case looksLikeHost(raw):
		return "no scheme: write https://" + hint(raw)
	}
	return "no scheme: an image URL begins with http:// or https://"
}

// hint returns an entry as a message repeats it, without what may be a password.
func hint(raw string) string {
	if len(raw) > 60 || strings.Contains(raw, "@") {
		return "…"
	}
	return sanitize.Text(raw, sanitize.MaxURL)
}

// looksLikeHost reports whether an entry would be a URL with a scheme before it.
func looksLikeHost(raw string) bool {
	host, _, _ := strings.Cut(raw, "/")
	_, err := weburl.Map("http://" + raw)
	return err == nil && strings.Contains(strings.Trim(host, "."), ".") && !strings.ContainsAny(raw, " \\")
}
