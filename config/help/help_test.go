package help_test

import (
	"regexp"
	"strings"
	"testing"

	"github.com/urfave/cli/v2"

	"grab/config"
	"grab/config/help"
	"grab/config/setting"
)

// The help of every command fits its columns. `grab help COMMAND` and `grab COMMAND -help`
// say the same.
func TestHelpFits(t *testing.T) {
	old := cli.HelpPrinter
	defer func() { cli.HelpPrinter = old }()
	for _, columns := range []int{80, 60} {
		help.Wrap(columns)
		show := func(words ...string) string {
			var b strings.Builder
			app := config.App(config.Build{}, nil, nil)
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
		for _, s := range config.Settings() {
			if !regexp.MustCompile(`(?m)^ +--?` + s.Name + `(,| |$)`).MatchString(all) {
				t.Errorf("grab help flags lacks -%s", s.Name)
			}
		}
	}
}
