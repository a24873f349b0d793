package config

import (
	"slices"
	"strings"
	"testing"
)

func TestFileMistakes(t *testing.T) {
	for content, want := range map[string]string{
		"n = 3\nmoode = 1":             `FILE: moode: no such setting; did you mean mode?`,
		"xyzzy = 1":                    `FILE: xyzzy: no such setting`,
		"retry_min = '1s'":             `FILE: retry_min: no such setting; did you mean retry-min?`,
		"n = 3\nn = 4":                 `FILE:2: Key 'n' has already been defined.`,
		"n = ":                         `FILE:1: unexpected EOF; expected value`,
		"n = 0":                        `FILE: n: "0" is not a whole number from 1 to 65535`,
		"n = 1.5":                      `FILE: n: "1.5" is not a whole number from 1 to 65535`,
		"n = true":                     `FILE: n: "true" is not a whole number from 1 to 65535`,
		"n = [3]":                      `FILE: n: takes one value, not an array`,
		"n = 2026-11-22":               `FILE: n: takes text, a number, true or false`,
		"n = {a = 1}":                  `FILE: n: is a table; the file takes plain keys only`,
		"n.a = 1":                      `FILE: n: is a table; the file takes plain keys only`,
		"[n]\na = 1":                   `FILE: n: is a table; the file takes plain keys only`,
		"[[n]]\na = 1":                 `FILE: n: is a table; the file takes plain keys only`,
		"[[header]]\na = 1":            `FILE: header: is a table; the file takes plain keys only`,
		"[grab]\nn = 1":                `FILE: grab: no such setting`,
		"header = [['A: b']]":          `FILE: header: takes text, a number, true or false`,
		"header = ['A: b', 'c']":       `FILE: header: has no colon; a header is written Name: value`,
		"timeout = 30":                 `FILE: timeout: "30" is not a time without its unit: write 30s for seconds, 30ms for milliseconds`,
		"json = 'yes'":                 `FILE: json: "yes" is not true or false`,
		"config = 'x.toml'":            `FILE: config: a file cannot name another`,
		"rounds = 0":                   `FILE: rounds: "0" is not a whole number from 1 to 1000`,
		"retry-min = '1m'":             `FILE: retry-min: the shortest back-off (1m0s) is above the longest (30s)`,
		"quiet = true\nverbose = true": `FILE: verbose: contradicts FILE: quiet`,
	} {
		path := writeFile(t, content)
		_, err := run(t, nil, "-config", path, "urls.txt")
		if err == nil {
			t.Errorf("%q: accepted, want %q", content, want)
			continue
		}
		wantMistake(t, err, strings.ReplaceAll(want, "FILE", path))
	}
}

func TestFileValues(t *testing.T) {
	cfg, err := run(t, nil, "-config", writeFile(t, "\ufeff# comment\nout = 3\nn = 4.0\nmax-size = 1048576\nhttp1 = \"true\"\nheader = 'A: b'\nlatency = 0\n"))
	if err != nil {
		t.Fatal(err)
	}
	if cfg.Options.Dir != "3" || !slices.Equal(cfg.N, []int{4}) || cfg.Options.MaxSize != 1<<20 || !cfg.Options.HTTP1 || cfg.Options.Header.Get("A") != "b" || cfg.Latency != 0 {
		t.Errorf("got %+v", cfg)
	}
	if cfg, err = run(t, nil, "-config", writeFile(t, "")); err != nil || !slices.Equal(cfg.N, []int{16}) {
		t.Errorf("an empty file: %+v %v", cfg, err)
	}
}
