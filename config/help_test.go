package config

import (
	"regexp"
	"strings"
	"testing"

	"grab/config/setting"

	"github.com/urfave/cli/v2"
)

// Help texts break between words, and lose none.
func TestWrapHelp(t *testing.T) {
	for _, test := range []struct {
		columns    int
		line, want string
	}{
		{80, "short", "short\n"},
		{20, "  --out DIR  where", "  --out DIR  where\n"},
		{44, "  --out DIR  where the images go in the end", "  --out DIR  where the images go in the end\n"},
		{40, "  --out DIR  where the images go in the end", "  --out DIR  where the images go in the\n             end\n"},
		{24, "  --out DIR  where the images go in the end", "  --out DIR\n      where the images\n      go in the end\n"},
		{12, "no gap in this one", "no gap in\n      this\n      one\n"},
		{9, "averyverylongword x", "\n      averyverylongword\n      x\n"},
	} {
		if got := wrapHelp(test.line, test.columns); got != test.want {
			t.Errorf("%q in %d columns:\n%s\nwant\n%s", test.line, test.columns, got, test.want)
		}
	}
}

// The help of every command fits its columns. `grab help COMMAND` and `grab COMMAND -help`
// say the same.
func TestHelpFits(t *testing.T) {
	old := cli.HelpPrinter
	defer func() { cli.HelpPrinter = old }()
	for _, columns := range []int{80, 60} {
		WrapHelp(columns)
		show := func(words ...string) string {
			var b strings.Builder
			app := newApp(nil)
			app.Writer = &b
			if err := app.Run(append([]string{"grab"}, words...)); err != nil {
				t.Fatal(words, err)
			}
			for line := range strings.Lines(b.String()) {
				if len(line) > columns {
					t.Errorf("%q is longer than %d columns", line, columns)
				}
			}
			return b.String()
		}
		for _, name := range setting.SubcommandNames() {
			if name == "help" {
				continue // the library's own
			}
			if a, b := show("help", name), show(name, "-help"); a != b || !strings.Contains(a, "grab "+name) {
				t.Errorf("grab help %s:\n%s\ngrab %s -help:\n%s", name, a, name, b)
			}
		}
		if a, b := show("help"), show("-help"); a != b || !strings.Contains(a, "-out, -o DIRECTORY") {
			t.Errorf("grab help:\n%s\ngrab -help:\n%s", a, b)
		} else if lines := strings.Count(a, "\n"); columns == 80 && lines > 23 {
			t.Errorf("the help has %d lines: with the prompt, they do not fit a screen of 24", lines)
		}
		all := show("help", "flags")
		for _, s := range Settings() {
			if !regexp.MustCompile(`(?m)^ +--?` + s.Name + `(,| |$)`).MatchString(all) {
				t.Errorf("grab help flags lacks -%s", s.Name)
			}
		}
	}
}
