package page

import "testing"

// TestUnitsOfTime has times on both sides of each change of the unit.
func TestUnitsOfTime(t *testing.T) {
	for _, c := range []struct {
		seconds    float64
		text, tick string
	}{
		{0, "0 s", "0"}, {0.0000125, "12.5 µs", "12.5 µs"}, {0.0005, "500 µs", "500 µs"}, {0.00099, "990 µs", "990 µs"},
		{0.001, "1.00 ms", "1 ms"}, {0.25, "250 ms", "250 ms"}, {0.99, "990 ms", "990 ms"}, {1, "1.00 s", "1 s"}, {12.5, "12.5 s", "12.5 s"}, {150, "150 s", "150 s"},
	} {
		if text, tick := duration(c.seconds), tick(c.seconds); text != c.text || tick != c.tick {
			t.Errorf("%v s: %q and %q, want %q and %q", c.seconds, text, tick, c.text, c.tick)
		}
	}
	if got := duration(-0.002); got != "-2.00 ms" {
		t.Errorf("-2 ms: %q", got)
	}
}
