package list_test

import (
	"bytes"
	"strings"
	"testing"
	"unicode/utf8"

	. "grab/downloader"
	. "grab/downloader/list"
)

// FuzzList reads random bytes as a list. Each line is at most one entry, entries are in
// order, and CountEntries agrees with Read.
func FuzzList(f *testing.F) {
	f.Add([]byte("\ufeff# c\r\nhttp://a.test/1.jpg\r\n\r\nword\nhttp://a.test/\xff"))
	f.Add([]byte("http://a.test/" + strings.Repeat("x", MaxURL) + "\nhttp://b.test/"))
	f.Add([]byte(strings.Repeat(" ", MaxURL+5) + "\n\x00\n"))
	f.Add([]byte("#" + strings.Repeat("x", 3*MaxURL)))
	f.Fuzz(func(t *testing.T, data []byte) {
		entries, line := 0, 0
		for item, err := range source(bytes.NewReader(data)) {
			if item.Index != entries || item.Line <= line || item.Line > bytes.Count(data, []byte("\n"))+1 {
				t.Fatalf("entry %d: %+v after line %d", entries, item, line)
			}
			if !utf8.ValidString(item.URL) || strings.ContainsAny(item.URL, "\x00\n\r\x1b") || item.URL == "" {
				t.Errorf("%q", item.URL)
			}
			if bad, ok := err.(*Error); err != nil && (!ok || bad.Class != ClassURL) {
				t.Errorf("%v", err)
			}
			if err == nil && !bytes.Contains(data, []byte(item.URL)) {
				t.Errorf("%q is not in the list", item.URL)
			}
			entries, line = entries+1, item.Line
		}
		if n, err := CountEntries(bytes.NewReader(data)); n != entries || err != nil {
			t.Errorf("counted %d, read %d, %v", n, entries, err)
		}
	})
}
