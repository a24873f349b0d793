package config

import (
	"math"
	"strconv"
	"testing"

	"grab/config/args"
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
		if got, err := size(text); err != nil || got != want {
			t.Errorf("size(%q) = %d, %v; want %d", text, got, err, want)
		}
	}
	for _, text := range []string{
		"", "B", "MiB", "-1", "-1MiB", "+1", "1.5MiB", "1 MiB", " 1", "1 M", "1Ki", "1Kib2", "1MiBB", "0x10", "1e6", "1_000", "١",
		"9223372036854775808", "8388608TiB", "99999999999999999999TiB",
	} {
		if got, err := size(text); err == nil {
			t.Errorf("size(%q) = %d, want an error", text, got)
		}
	}
}

func FuzzSize(f *testing.F) {
	for _, text := range []string{"0", "256MiB", "1kb", "8388608TiB", "-1", "1.5", "٣MB"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		got, err := size(text)
		if err != nil {
			if got != 0 {
				t.Fatalf("size(%q) = %d with %v", text, got, err)
			}
			return
		}
		if got < 0 {
			t.Fatalf("size(%q) = %d", text, got)
		}
		if again, err := size(strconv.FormatInt(got, 10)); err != nil || again != got {
			t.Fatalf("size(%q) = %d, but %d, %v when written out", text, got, again, err)
		}
	})
}

// Without a host, only this machine can open the live page.
func TestPageAddress(t *testing.T) {
	for text, want := range map[string]string{
		":8080": "127.0.0.1:8080", ":0": "127.0.0.1:0", "0.0.0.0:80": "0.0.0.0:80", "localhost:1": "localhost:1", "[::]:80": "[::]:80",
		"": "", "8080": "", "127.0.0.1": "", ":http": "", ":65536": "", ":-1": "", "::1:80": "", "http://a:80": "",
	} {
		if got, err := pageAddress(text); got != want || (err == nil) != (want != "") {
			t.Errorf("%q: %q, %v; want %q", text, got, err, want)
		}
	}
}

func TestSuggest(t *testing.T) {
	for _, test := range []struct{ word, want string }{
		{"comapre", "compare"},
		{"compar", "compare"},
		{"Compare", "compare"},
		{"sevre", "serve"},
		{"serv", "serve"},
		{"urls.txt", ""},
		{"se", ""},
		{"", ""},
		{"compass", "compare"},
		{"compost", ""},
	} {
		if got := args.Suggest(test.word, subcommands()); got != test.want {
			t.Errorf("args.Suggest(%q) = %q, want %q", test.word, got, test.want)
		}
	}
}
