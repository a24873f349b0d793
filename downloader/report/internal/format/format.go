// Package format writes numbers and lines of text for people, the same way in every form of a report.
package format

import (
	"fmt"
	"time"
)

// Plural returns the noun as it stands after the number n.
func Plural(n int, noun string) string {
	if n == 1 {
		return noun
	}
	return noun + "s"
}

// Count returns a number with its noun, such as "1 image" or "3 rounds".
func Count(n int, noun string) string { return fmt.Sprintf("%d %s", n, Plural(n, noun)) }

// Short formats a time in seconds with three significant digits and a unit, without a space. It
// has all digits before the point, and no exponent.
func Short(seconds float64) string {
	d := time.Duration(seconds * float64(time.Second))
	switch {
	case d == 0:
		return "0"
	case d < time.Millisecond:
		return fmt.Sprintf("%dµs", d.Microseconds())
	case d < 999_500*time.Microsecond: // what is longer would be 1e+03ms
		return fmt.Sprintf("%.3gms", float64(d)/1e6)
	case d < 999_500*time.Millisecond:
		return fmt.Sprintf("%.3gs", d.Seconds())
	default:
		return fmt.Sprintf("%.0fs", d.Seconds())
	}
}

// Duration formats a duration in seconds with at least three significant digits from 0.1 s on.
// From a minute on it is in minutes and hours, to a tenth of a second.
func Duration(d time.Duration) string {
	switch {
	case d < 10*time.Second:
		return fmt.Sprintf("%.3f s", d.Seconds())
	case d < time.Minute:
		return fmt.Sprintf("%.2f s", d.Seconds())
	default:
		return d.Round(100 * time.Millisecond).String()
	}
}
