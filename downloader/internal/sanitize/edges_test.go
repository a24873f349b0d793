package sanitize

import (
	"strings"
	"testing"
)

// TestLimits has texts as long as they may be, and one byte longer.
func TestLimits(t *testing.T) {
	for _, c := range []struct {
		text  string
		limit int
		want  string
	}{
		{"abc", 3, "abc"}, {"abc", 2, "ab…"}, {"abc", 0, "…"}, {"", 0, ""}, {"ab\n", 4, `ab\n`}, {"ab\nc", 4, `ab\n…`}, {"ab\nc", 3, `ab\n…`}, {"äb", 1, "ä…"}, {"~ ", 2, "~ "}, {"\x7f", 9, `\x7f`}, {"\x1f", 9, `\x1f`}, {"\ufffd", 9, "\ufffd"},
	} {
		if got := Text(c.text, c.limit); got != c.want {
			t.Errorf("%q in %d: %q, want %q", c.text, c.limit, got, c.want)
		}
	}
	for text, want := range map[string]bool{"": true, " ~": true, "\x1f": false, "\x7f": false, "ä": false, "a\x00": false} {
		if PrintableASCII(text) != want {
			t.Errorf("%q: %v", text, !want)
		}
	}
	if got := Cell(strings.Repeat("\x01", 100)); got != strings.Repeat(`\x01`, 100) {
		t.Errorf("%q", got)
	}
}

// TestShownURLs has URLs and entries, of which some have a name and password.
func TestShownURLs(t *testing.T) {
	data := "data:," + strings.Repeat("x", 194)
	if got := URL(data); got != data {
		t.Errorf("%q", got)
	}
	if got := URL(data + "x"); len(got) != 48+len("…sha256=")+64 || !strings.HasPrefix(got, data[:48]+"…sha256=") {
		t.Errorf("%q", got)
	}
	for raw, want := range map[string]string{
		"://u@h": "://h", "x://u@h": "x://h", "//u@h": "//u@h", "x:/u@h": "x:/u@h", "http://@h": "http://h", "http://u@": "http://", "http://h/#a@b": "http://h/#a@b", "http://h#a@b": "http://h#a@b", `x:\\u@h`: `x:\\h`, "data": "data", "date:,u@h": "date:,u@h",
	} {
		if got := URL(raw); got != want {
			t.Errorf("%q: %q, want %q", raw, got, want)
		}
	}
	for entry, want := range map[string]string{
		"a": "a", "u:p@h": "…@h", "@h": "…@h", "x://u:p@h": "x://…@h", "x://a@b@c": "x://…@c", "a@x://b": "…@x://b", "": "",
	} {
		if got := Entry(entry); got != want {
			t.Errorf("%q: %q, want %q", entry, got, want)
		}
	}
}
