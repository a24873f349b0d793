package format

import (
	"strings"
	"testing"
	"time"
)

func TestFormats(t *testing.T) {
	for want, got := range map[string]string{
		"1 image": Count(1, "image"), "0 images": Count(0, "image"), "rounds": Plural(2, "round"),
		"9.999 s": Duration(9_999 * time.Millisecond), "10.00 s": Duration(10 * time.Second), "59.99 s": Duration(59_990 * time.Millisecond), "1m0s": Duration(time.Minute),
		"9.500 s": Duration(9_500 * time.Millisecond), "10.50 s": Duration(10_500 * time.Millisecond),
		"2.000 s": Duration(2 * time.Second), "12.35 s": Duration(12_345 * time.Millisecond), "1m0.1s": Duration(60_120 * time.Millisecond),
	} {
		if got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

// TestShort has times on both sides of each change of the unit.
func TestShort(t *testing.T) {
	for seconds, want := range map[float64]string{
		0: "0", 12e-6: "12µs", -5e-6: "-5µs", 0.000_999_9: "999µs", 0.001: "1ms", 0.0015: "1.5ms", 0.999: "999ms", 0.999_4: "999ms", 0.999_5: "1s", 1: "1s",
		1.85: "1.85s", 99.94: "99.9s", 99.96: "100s", 999.4: "999s", 999.6: "1000s", 86_400: "86400s",
	} {
		if got := Short(seconds); got != want {
			t.Errorf("%v s: %q, want %q", seconds, got, want)
		}
	}
}

// TestLines joins and cuts texts that came from elsewhere.
func TestLines(t *testing.T) {
	x := strings.Repeat("x", maxText-1)
	for text, want := range map[string]string{
		"": "", "a": "a", " a\r\n\tb  c ": "a b c", "a\x1b[31m\u202eb\xff": "a\uFFFD[31m\uFFFDb\uFFFD", "\u00e9\u3042": "\u00e9\u3042",
		x + "y": x + "y", x + "yz": x + "y\u2026", x + "\u00e9": x + "\u2026", "\n": "",
	} {
		if got := Line(text); got != want {
			t.Errorf("%.20q: %q, want %q", text, got, want)
		}
	}
	for text, want := range map[string]string{"": "", " \n": "for an unknown reason", "a\nb": "a b"} {
		if got := Reason(text); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}
