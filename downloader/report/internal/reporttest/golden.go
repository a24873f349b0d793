package reporttest

import (
	"os"
	"strings"
	"testing"
)

// Golden compares a text with a file of the test's package, line by line, and says in which
// section they differ: one begins with "== ". It writes the file first if update is true.
func Golden(t *testing.T, file, text string, update bool) {
	t.Helper()
	if update {
		if err := os.WriteFile(file, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	got, want := strings.Split(text, "\n"), strings.Split(string(data), "\n")
	section := ""
	for i := range min(len(got), len(want)) {
		if strings.HasPrefix(got[i], "== ") {
			section = got[i]
		}
		if got[i] != want[i] {
			t.Fatalf("%s, line %d:\n%s\nwant\n%s", section, i+1, got[i], want[i])
		}
	}
	if len(got) != len(want) {
		t.Errorf("%d lines, want %d", len(got), len(want))
	}
}
