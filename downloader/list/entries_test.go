package list_test

import (
	"fmt"
	"strings"
	"testing"

	. "grab/downloader"
	. "grab/downloader/list"
)

// TestCleaned checks what is taken off an entry, and that it is said.
func TestCleaned(t *testing.T) {
	const two = "http://a.test/?x=1&y=2"
	for text, want := range map[string][2]string{
		u:                                      {u, ""},
		" " + u + " ":                          {u, ""},
		"\ufeff" + u:                           {u, ""},
		"\u00a0" + u + "\u00a0":                {u, "a no-break space (U+00A0)"},
		u + "\u200b":                           {u, "a zero-width space (U+200B)"},
		"\u200e" + u:                           {u, "a left-to-right mark (U+200E)"},
		u + " \u200d\u00ad ":                   {u, "a soft hyphen (U+00AD)"},
		`"` + u + `"`:                          {u, "quotes"},
		`'` + u + `',`:                         {u, "quotes"},
		"\u201c" + u + "\u201d":                {u, "quotes"},
		"<" + u + ">":                          {u, "angle brackets"},
		"http://a.test/?x=1&amp;y=2":           {two, "&amp; for &"},
		"http://a.test/?x=1&#038;y=2":          {two, "&amp; for &"},
		"\u200b\"http://a.test/?x&amp;y":       {"", ""},
		"\u200b\"http://a.test/?x=1&amp;y=2\"": {two, "a zero-width space (U+200B), quotes, &amp; for &"},

		// What could be meant stays.
		"http://a.test/?x=1&y=&amp;":      {"http://a.test/?x=1&y=&amp;", ""},
		`http://a.test/"x"`:               {`http://a.test/"x"`, ""},
		u + `"`:                           {u + `"`, ""},
		"http://a.test/ص\u200cب.jpg":      {"http://a.test/ص\u200cب.jpg", ""},
		"http://a.test/5\u202fPM.png":     {"http://a.test/5\u202fPM.png", ""},
		"data:image/svg+xml,<a>&amp;</a>": {"data:image/svg+xml,<a>&amp;</a>", ""},
	} {
		said := ""
		src := Read(List{Name: "list.txt", Body: strings.NewReader("# one\n" + text), Cleaned: func(item Item, what string) {
			if item.Line == 1 && !strings.HasPrefix(text, "\ufeff") || item.Line > 2 {
				t.Errorf("%q: line %d", text, item.Line)
			}
			said = what
		}})
		if strings.HasPrefix(text, "\ufeff") {
			src = source(strings.NewReader(text))
		}
		for item, err := range src {
			if got := item.URL; (err == nil) != (want[0] != "") || err == nil && got != want[0] {
				t.Errorf("%q: %q, %v, want %q", text, got, err, want[0])
			}
		}
		if said != want[1] {
			t.Errorf("%q: said %q, want %q", text, said, want[1])
		}
	}
}

// TestLookalikes checks that an entry which is not a URL is called what it is.
func TestLookalikes(t *testing.T) {
	for text, want := range map[string]string{
		"example.com/a.jpg":                        "no scheme: write https://example.com/a.jpg",
		"example.com:8080/a.jpg":                   "no scheme: write https://example.com:8080/a.jpg",
		"//example.com/a.jpg":                      "no scheme: write https://example.com/a.jpg",
		"//me:secret@example.com/a.jpg":            "no scheme: write https:…",
		"me:secret@example.com":                    "scheme me is not fetched",
		"url":                                      "no scheme: an image URL begins with http:// or https://",
		"/home/me/a.jpg":                           "no scheme: an image URL begins with",
		"ftp://a.test/x,y":                         "scheme ftp is not fetched: only http, https and data are",
		"1,http://a.test/1.jpg,caption":            "this looks like CSV",
		`"1";"http://a.test/1.jpg"`:                "this looks like CSV",
		`http://a.test/1.jpg,"a caption"`:          "this looks like CSV",
		`"http://a.test/1.jpg","a caption"`:        "this looks like CSV",
		"1\thttp://a.test/1.jpg":                   "this looks like a table with tabs",
		"http://a.test/1.jpg\tcaption":             "this looks like a table with tabs",
		"# c\n" + `{"url": "http://a.test/1.jpg"}`: "this looks like JSON",
		"[":                                                    "this looks like JSON",
		`"url": "http://a.test/1.jpg",`:                        "this looks like JSON",
		`<img src="http://a.test/1.jpg">`:                      "this looks like HTML",
		`"http://a.test/1.jpg`:                                 "a quote before the URL and none after it",
		"http://a.test/1 https://a.test/2":                     "more than one URL on a line",
		"- http://a.test/1.jpg":                                "words before the URL",
		"http://a.te\u200bst/1.jpg":                            "zero-width space (U+200B) inside the URL",
		"http://a.test/\u202egpj.exe":                          "change of the writing direction (U+202E) inside the URL",
		"ht\ufefftp://a.test/1.jpg":                            "byte order mark (U+FEFF) inside the URL",
		"http://a.test/\x00":                                   "control character (U+0000) inside the URL",
		"http://a.test/\xff":                                   "not valid UTF-8",
		"http://1.2.3.4.5/":                                    "the host looks like an IPv4 address, and is none",
		"http://me:secret@a.test:x/":                           "the port is no number",
		"data:image/png;base64," + strings.Repeat("A", MaxURL): "data: URL longer than 65536 bytes",
	} {
		n := 0
		for item, err := range source(strings.NewReader(text)) {
			bad, ok := err.(*Error)
			if !ok || bad.Class != ClassURL || !strings.Contains(bad.Error(), want) || strings.Contains(bad.Error()+item.URL, "secret") {
				t.Errorf("%.80q: %.80q, %v, want %q", text, item.URL, err, want)
			}
			n++
		}
		if n != 1 {
			t.Errorf("%.80q: %d entries", text, n)
		}
	}
}

// TestBinaryLists checks that a list which is no text ends the reading with one error.
func TestBinaryLists(t *testing.T) {
	for magic, want := range map[string]string{
		"\x1f\x8b\x08": "gzip: ", "(\xb5/\xfd": "zstd: ", "PK\x03\x04": "a ZIP archive", "PAR1": "a Parquet file",
		"\x89PNG\r\n\x1a\n": "a PNG image", "\xff\xd8\xff\xe0": "a JPEG image", "%PDF-1.7": "a PDF file",
	} {
		text := magic + "\x00\nx\n\ny"
		got, err := read(t, source(strings.NewReader(text)))
		if len(got) != 0 || err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), "list.txt") {
			t.Errorf("%q: %v, %v, want %q", magic, got, err, want)
		}
		if n, err := countEntries(strings.NewReader(text)); n != 0 || err == nil {
			t.Errorf("%q: counted %d, %v", magic, n, err)
		}
	}
}

// TestArgumentsAreEntries checks that a URL as an argument is read like a line.
func TestArgumentsAreEntries(t *testing.T) {
	args := []string{`"` + u + `"`, "data:image/gif;base64,AAAA", "DATA:,x", u + "\u200b"}
	var said []string
	src, done, err := Open(t.Context(), args, strings.NewReader(""), List{Cleaned: func(item Item, what string) { said = append(said, what) }})
	if err != nil {
		t.Fatal(err)
	}
	defer done()
	got, err := read(t, src)
	want := []entry{{0, u, ""}, {0, args[1], ""}, {0, args[2], ""}, {0, u, ""}}
	if fmt.Sprint(got) != fmt.Sprint(want) || err != nil {
		t.Errorf("%v, %v", got, err)
	}
	if fmt.Sprint(said) != "[quotes a zero-width space (U+200B)]" {
		t.Errorf("%q", said)
	}
	if n := Count(t.Context(), args, List{}); n != 4 {
		t.Errorf("counted %d", n)
	}
}
