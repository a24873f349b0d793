package fetch

import (
	"fmt"
	"testing"
)

// FuzzContentRange checks that every range that is accepted was written as it is
// understood.
func FuzzContentRange(f *testing.F) {
	for _, s := range []string{
		"bytes 0-9/10", "bytes 5-9/*", "bytes */10", "bytes 9-5/10", "bytes 0-9/9", "bytes +1-2/3", "bytes 1_0-20/30", "lines 1-2/3",
		"bytes 0-18446744073709551615/18446744073709551616", "bytes  1-2/3", "bytes 1-2/3, 4-5/6", "",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		first, last, total, ok := parseContentRange([]string{s})
		if !ok {
			return
		}
		if first < 0 || last < first || total <= last {
			t.Errorf("%q is %d to %d of %d", s, first, last, total)
		}
		var a, b, c int64
		if n, err := fmt.Sscanf(s, "bytes %d-%d/%d", &a, &b, &c); n != 3 || err != nil || a != first || b != last || c != total {
			t.Errorf("%q is %d to %d of %d", s, first, last, total)
		}
	})
}

func TestContentRange(t *testing.T) {
	for s, want := range map[string]bool{
		"bytes 0-9/10": true, "bytes 5-5/6": true, "bytes 05-9/10": true,
		"bytes 5-9/*": false, "bytes */10": false, "bytes 9-5/10": false, "bytes 0-9/9": false, "bytes +1-2/3": false,
		"bytes 1_0-20/30": false, "lines 1-2/3": false, "bytes 0-9223372036854775808/9223372036854775809": false, "bytes  1-2/3": false, "": false,
	} {
		if _, _, _, ok := parseContentRange([]string{s}); ok != want {
			t.Errorf("%q: %t", s, ok)
		}
	}
	if _, _, _, ok := parseContentRange([]string{"bytes 0-9/10", "bytes 0-9/10"}); ok {
		t.Error("two ranges in one response")
	}
}
