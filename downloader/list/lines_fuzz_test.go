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
// order, and Count agrees with Read. Of an entry that is accepted, only what is
// said to be taken off is missing.
func FuzzList(f *testing.F) {
	f.Add([]byte("\ufeff# c\r\nhttp://a.test/1.jpg\r\n\r\nword\nhttp://a.test/\xff"))
	f.Add([]byte("http://a.test/" + strings.Repeat("x", MaxURL) + "\nhttp://b.test/"))
	f.Add([]byte(strings.Repeat(" ", MaxURL+5) + "\n\x00\n"))
	f.Add([]byte("#" + strings.Repeat("x", 3*MaxURL)))
	f.Add([]byte("PK\x03\x04\nx"))
	f.Add([]byte("\u200b\"http://a.test/?x=1&amp;y\",\ndata:,x\nx,\"y\"\n<http://１.2/ |>"))
	f.Fuzz(func(t *testing.T, data []byte) {
		for _, packed := range []string{"\x1f\x8b", "\x28\xb5\x2f\xfd", "\xfd7zXZ\x00", "BZh", "\xff\xfe", "\xfe\xff"} {
			if bytes.HasPrefix(data, []byte(packed)) {
				t.Skip("for FuzzTables")
			}
		}
		entries, line, cleaned := 0, 0, -1
		var broken error
		text := List{Name: "list.txt", Format: Text, Body: bytes.NewReader(data)}
		src := Read(List{Name: "list.txt", Format: Text, Body: bytes.NewReader(data), Cleaned: func(item Item, what string) { cleaned = item.Index }})
		for item, err := range src {
			if _, ok := err.(*Error); !ok && err != nil {
				broken = err
				break
			}
			if item.Index != entries || item.Line <= line || item.Line > bytes.Count(data, []byte("\n"))+1 {
				t.Fatalf("entry %d: %+v after line %d", entries, item, line)
			}
			if !utf8.ValidString(item.URL) || strings.ContainsAny(item.URL, "\x00\n\r\x1b") || item.URL == "" {
				t.Errorf("%q", item.URL)
			}
			if bad, ok := err.(*Error); err != nil && (!ok || bad.Class != ClassURL) {
				t.Errorf("%v", err)
			}
			if err == nil && cleaned != item.Index && !bytes.Contains(data, []byte(item.URL)) {
				t.Errorf("%q is not in the list", item.URL)
			}
			entries, line = entries+1, item.Line
		}
		if broken != nil && (entries > 0 || !strings.Contains(broken.Error(), ", not a list")) {
			t.Errorf("%d entries, then %v", entries, broken)
		}
		if n, err := text.Count(); n != entries || (err == nil) != (broken == nil) {
			t.Errorf("counted %d, %v; read %d, %v", n, err, entries, broken)
		}
	})
}
