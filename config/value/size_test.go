package value

import (
	"math"
	"strconv"
	"testing"
)

func TestSize(t *testing.T) {
	for text, want := range map[string]int64{
		"0":                   0,
		"100":                 100,
		"100b":                100,
		"1kb":                 1000,
		"1KiB":                1024,
		"1MB":                 1e6,
		"256MiB":              256 << 20,
		"256mib":              256 << 20,
		"2GB":                 2e9,
		"2GiB":                2 << 30,
		"3tb":                 3e12,
		"3TIB":                3 << 40,
		"10M":                 10 << 20,
		"1k":                  1 << 10,
		"2G":                  2 << 30,
		"2t":                  2 << 40,
		"9223372036854775807": math.MaxInt64,
		"8388607TiB":          8388607 << 40,
	} {
		if got, err := Size(text); err != nil || got != want {
			t.Errorf("Size(%q) = %d, %v; want %d", text, got, err, want)
		}
	}
	for _, text := range []string{
		"", "B", "MiB", "-1", "-1MiB", "+1", "1.5MiB", "1 MiB", " 1", "1 M", "1Ki", "1Kib2", "1MiBB", "0x10", "1e6", "1_000", "١",
		"9223372036854775808", "8388608TiB", "99999999999999999999TiB",
	} {
		if got, err := Size(text); err == nil {
			t.Errorf("Size(%q) = %d, want an error", text, got)
		}
	}
}

func FuzzSize(f *testing.F) {
	for _, text := range []string{"0", "256MiB", "1kb", "8388608TiB", "-1", "1.5", "٣MB"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		got, err := Size(text)
		if err != nil {
			if got != 0 {
				t.Fatalf("Size(%q) = %d with %v", text, got, err)
			}
			return
		}
		if got < 0 {
			t.Fatalf("Size(%q) = %d", text, got)
		}
		if again, err := Size(strconv.FormatInt(got, 10)); err != nil || again != got {
			t.Fatalf("Size(%q) = %d, but %d, %v when written out", text, got, again, err)
		}
	})
}
