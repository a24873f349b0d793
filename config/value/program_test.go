package value

import (
	"fmt"
	"strings"
	"testing"
)

func TestPrograms(t *testing.T) {
	for text, want := range map[string]string{
		"wget2 -q -i {list}":                `wget2 ["wget2" "-q" "-i" "{list}"]`,
		"/usr/bin/fetch {list}":             `fetch ["/usr/bin/fetch" "{list}"]`,
		"a-1.0=sh -c 'b=1 c {list}'":        `a-1.0 ["sh" "-c" "b=1 c {list}"]`,
		"fetch --from={list} -n={n}":        `fetch ["fetch" "--from={list}" "-n={n}"]`,
		"my program {list}":                 `my ["my" "program" "{list}"]`,
		"wget2":                             "has no {list}",
		"a=wget2 -i urls.txt":               "has no {list}",
		"a=":                                "names no program",
		"'wget2 {list}":                     "a ' without its end",
		"pool={list}":                       "that of a mode",
		"process.py {list}":                 "that of a mode",
		"Sequential=b {list}":               "that of a mode",
		"'two words' {list}":                "give it one",
		"../..=x {list}":                    "give it one",
		"-x {list}":                         "give it one",
		strings.Repeat("a", 40) + " {list}": "give it one",
	} {
		all, err := Programs([]string{text})
		got := fmt.Sprint(err)
		if err == nil {
			got = fmt.Sprintf("%s %q", all[0].Name, all[0].Words)
		}
		if !strings.Contains(got, want) {
			t.Errorf("%s: %s, want %s", text, got, want)
		}
	}
	if _, err := Programs([]string{"a {list}", "A=b {list}"}); err == nil || !strings.Contains(err.Error(), "two programs have the name A") {
		t.Errorf("%v", err)
	}
}
