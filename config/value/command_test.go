package value

import (
	"strings"
	"testing"
)

func TestCommand(t *testing.T) {
	for text, want := range map[string]string{
		"exiftool {file}":                 "exiftool|{file}",
		"  a\t--in={file}  x ":            "a|--in={file}|x",
		`sh -c 'mv "$0" b/' {file}`:       `sh|-c|mv "$0" b/|{file}`,
		`"C:\Program Files\a.exe" {file}`: `C:\Program Files\a.exe|{file}`,
		`a "" x"y z"'{file}'`:             "a||xy z{file}",
		"a 'b {file}":                     "error",
		"a b":                             "error",
		"{file}":                          "error",
		"":                                "error",
		"'' {file}":                       "error",
	} {
		words, err := Command(text)
		got := strings.Join(words, "|")
		if err != nil {
			got = "error"
		}
		if got != want {
			t.Errorf("%q: %s (%v), want %s", text, got, err, want)
		}
	}
}
