package config

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// The table of flags in docs/CLI.md has each flag and each short form once, and no other.
func TestTableOfFlags(t *testing.T) {
	data, err := os.ReadFile("../docs/CLI.md")
	if err != nil {
		t.Fatal(err)
	}
	_, section, _ := strings.Cut(string(data), "\n## Flags\n")
	section, _, _ = strings.Cut(section, "\n## ")
	var documented []string
	for _, cell := range regexp.MustCompile("(?m)^\\| (`-[^|]*) \\|").FindAllStringSubmatch(section, -1) {
		for _, name := range regexp.MustCompile("`-([^`]+)`").FindAllStringSubmatch(cell[1], -1) {
			documented = append(documented, name[1])
		}
	}
	flags := []string{"help", "h", "version", "V"}
	for _, s := range Settings() {
		flags = append(flags, s.Name)
		if s.Alias != "" {
			flags = append(flags, s.Alias)
		}
	}
	slices.Sort(flags)
	flags = slices.Compact(flags) // two commands have -failed
	for _, name := range flags {
		if n := len(slices.DeleteFunc(slices.Clone(documented), func(d string) bool { return d != name })); n != 1 {
			t.Errorf("-%s is in the table %d times, want once", name, n)
		}
	}
	for _, name := range documented {
		if !slices.Contains(flags, name) {
			t.Errorf("the table has -%s, which is no flag", name)
		}
	}
}
