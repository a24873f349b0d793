package value

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Duration parses a time with its unit. The only number without a unit is 0, which is
// the same in all units.
func Duration(text string) (time.Duration, error) {
	value, err := time.ParseDuration(text)
	if err != nil || value < 0 {
		return 0, notTime(text, "of 0 or more, such as 300ms or 1.85s")
	}
	return value, nil
}

// PositiveDuration parses a time above 0, with its unit.
func PositiveDuration(text string) (time.Duration, error) {
	value, err := Duration(text)
	if err != nil || value == 0 {
		return 0, notTime(text, "above 0, such as 300ms or 1.85s")
	}
	return value, nil
}

// Days parses a time that may also be a number of days, such as 30d.
func Days(text string) (time.Duration, error) {
	if number, found := strings.CutSuffix(text, "d"); found {
		if n, err := strconv.ParseUint(number, 10, 16); err == nil {
			return time.Duration(n) * 24 * time.Hour, nil
		}
	}
	value, err := time.ParseDuration(text)
	if err != nil || value < 0 {
		return 0, notTime(text, "of 0 or more, such as 30d or 12h")
	}
	return value, nil
}

// Rate parses a number of requests for each second, minute or hour, and returns the time
// from one to the next.
func Rate(text string) (time.Duration, error) {
	number, unit, _ := strings.Cut(text, "/")
	count, err := strconv.ParseFloat(number, 64)
	per, known := map[string]time.Duration{"s": time.Second, "m": time.Minute, "h": time.Hour}[unit]
	if err != nil || !known || !(count >= 0.001 && count <= 1e6) {
		return 0, fmt.Errorf("%q is not a rate, such as 2/s, 30/m or 500/h", text)
	}
	return time.Duration(float64(per) / count), nil
}

// notTime returns the error for a text that is not a time of the wanted kind. Other
// programs take a number for seconds or for milliseconds, so grab does not guess.
func notTime(text, wanted string) error {
	if value, err := strconv.ParseFloat(text, 64); err == nil && value > 0 {
		return fmt.Errorf("%q is not a time without its unit: write %ss for seconds, %sms for milliseconds", text, text, text)
	}
	return fmt.Errorf("%q is not a time %s", text, wanted)
}
