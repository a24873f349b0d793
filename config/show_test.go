package config

import (
	"reflect"
	"strings"
	"testing"

	"github.com/BurntSushi/toml"
	"github.com/urfave/cli/v2"

	"grab/config/args"
	"grab/config/setting"
)

// held returns what grab config prints.
func held(t *testing.T, environ []string, words ...string) string {
	t.Helper()
	text := ""
	app := newApp(func(c *cli.Context, _ setting.Command) (err error) {
		text, _, err = holding(c, environ, "")
		return err
	})
	line, err := args.Reorder(append([]string{"grab", "config"}, words...), app)
	if err == nil {
		err = app.Run(line)
	}
	if err != nil {
		t.Fatal(words, err)
	}
	return text
}

// Each value stands with where it comes from, and no secret stands anywhere.
func TestHolding(t *testing.T) {
	file := writeFile(t, "mode = 'process'\nretries = 7\nrate = '2/s'\n")
	text := held(t, []string{"GRAB_RETRIES=8", "GRAB_HEADER=Accept: a\nAuthorization: Bearer s3cret\na.test: X-Key: s3cret"},
		"-config", file, "-rate", "3/s", "-dry-run", "-proxy", "http://u:s3cret@[::1]:3128", "-4=true", "-referer", "a\"b", "-exec", "x\t{file}",
		"-list", "https://u:s3cret@a.test/@x", "-list", "https://b.test/")
	for _, want := range []string{
		"# Downloads\n\nmode = \"process\"  # file " + file + "\n",
		"retries = 8  # environment GRAB_RETRIES\n",
		"rate = \"3/s\"  # flag -rate\n",
		"dry-run = true  # flag -dry-run\n",
		"4 = true  # flag -4\n",
		"referer = \"a\\\"b\"  # flag -referer\n",
		"exec = \"x\\t{file}\"  # flag -exec\n",
		"# header = [\"Accept: a\", \"Authorization: (hidden)\", \"a.test: X-Key: (hidden)\"]  # environment GRAB_HEADER\n",
		"# proxy = \"http://(hidden)@[::1]:3128\"  # flag -proxy\n",
		"# list = [\"https://(hidden)@a.test/@x\", \"https://b.test/\"]  # flag -list\n",
		"# timeout = \"5m\"  # default\n",
		"# json = false  # default\n",
		"# n: 16; process: number of CPUs; compare: 3  # default\n",
		"# cookies: none  # default\n",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("it lacks %q", want)
		}
	}
	if strings.Contains(text, "s3cret") || t.Failed() {
		t.Error(text)
	}
}

// What grab config prints has, as a file, the effect of what it was made from.
func TestHoldingAgain(t *testing.T) {
	var lines []string
	for _, s := range Settings() {
		sample, ok := samples()[s.Name]
		if !ok || s.FlagOnly || s.Name == "proxy" || s.Name == "header" {
			continue
		}
		value := sample[0]
		if s.Name == "failed" {
			value = "dead.txt"
		}
		lines = append(lines, held(t, nil, "-"+s.Name+"="+value))
		var values map[string]any
		if _, err := toml.Decode(lines[len(lines)-1], &values); err != nil || len(values) != 1 {
			t.Fatalf("-%s: %v, %v", s.Name, values, err)
		}
		first, err := run(t, []string{s.Env() + "=" + value}, "-local")
		if err != nil {
			continue // it needs another setting
		}
		again, err := run(t, nil, "-local", "-config", writeFile(t, lines[len(lines)-1]))
		if again.File = ""; err != nil || !reflect.DeepEqual(first, again) {
			t.Errorf("-%s: %v\n%+v\n%+v", s.Name, err, first, again)
		}
	}
	if len(lines) < 50 {
		t.Errorf("only %d settings", len(lines))
	}
	var none map[string]any
	if _, err := toml.Decode(held(t, nil), &none); err != nil || len(none) != 0 {
		t.Errorf("of defaults alone: %v, %v", none, err)
	}
}
