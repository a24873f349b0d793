package format

import (
	"testing"
	"time"
)

func TestFormats(t *testing.T) {
	for want, got := range map[string]string{
		"1 image": Count(1, "image"), "0 images": Count(0, "image"), "rounds": Plural(2, "round"),
		"0": Short(0), "12µs": Short(12e-6), "1.5ms": Short(0.0015), "999ms": Short(0.999), "1.85s": Short(1.85),
		"2.000 s": Duration(2 * time.Second), "12.35 s": Duration(12_345 * time.Millisecond), "1m0.1s": Duration(60_120 * time.Millisecond),
	} {
		if got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}
