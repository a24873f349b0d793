package value

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

// Size parses a number of bytes: a whole number, alone or with a unit in upper or
// lower case. As in the GNU tools, KiB and K are 1024 bytes, and kB is 1000 bytes.
func Size(text string) (int64, error) {
	end := strings.IndexFunc(text, func(r rune) bool { return r < '0' || r > '9' })
	if end < 0 {
		end = len(text)
	}
	count, err := strconv.ParseInt(text[:end], 10, 64)
	unit, known := bytesIn(text[end:])
	if err != nil || !known || count > math.MaxInt64/unit {
		return 0, fmt.Errorf("%q is not a size of 0 or more, such as 256MiB, 10MB or 4096", text)
	}
	return count * unit, nil
}

// PositiveSize parses a number of bytes above 0.
func PositiveSize(text string) (int64, error) {
	value, err := Size(text)
	if err != nil || value == 0 {
		return 0, fmt.Errorf("%q is not a size above 0, such as 256MiB, 10MB or 4096", text)
	}
	return value, nil
}

// Pixels parses a number of pixels, plain or in megapixels: 100MP.
func Pixels(text string) (int64, error) {
	const mega = 1_000_000
	digits, unit := strings.CutSuffix(strings.ToUpper(text), "MP")
	count, err := strconv.ParseInt(digits, 10, 64)
	if err != nil || count <= 0 || (unit && count > math.MaxInt64/mega) {
		return 0, fmt.Errorf("%q is not a number of pixels above 0, such as 100MP or 1000000", text)
	}
	if unit {
		count *= mega
	}
	return count, nil
}

func bytesIn(unit string) (bytes int64, known bool) {
	switch strings.ToLower(unit) {
	case "", "b":
		return 1, true
	case "kb":
		return 1e3, true
	case "mb":
		return 1e6, true
	case "gb":
		return 1e9, true
	case "tb":
		return 1e12, true
	case "kib", "k":
		return 1 << 10, true
	case "mib", "m":
		return 1 << 20, true
	case "gib", "g":
		return 1 << 30, true
	case "tib", "t":
		return 1 << 40, true
	default:
		return 0, false
	}
}

// The largest image that the embedded server makes.
const (
	longestSide   = 65535
	largestPixels = 25_000_000
)

// Dimensions parses WIDTHxHEIGHT, in pixels.
func Dimensions(text string) (string, error) {
	width, height, _ := strings.Cut(text, "x")
	w, errW := Int(1, longestSide)(width)
	h, errH := Int(1, longestSide)(height)
	if errW != nil || errH != nil || w*h > largestPixels {
		return "", fmt.Errorf("%q is not a width and a height in pixels, such as 200x300, of 25 million pixels at most", text)
	}
	return fmt.Sprintf("%dx%d", w, h), nil
}
