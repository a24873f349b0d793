package config

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/urfave/cli/v2"

	"grab/config/args"
	"grab/config/setting"
	"grab/downloader"
)

// run resolves a command line as the program does and returns what reached the action.
func run(t *testing.T, environ []string, words ...string) (Config, error) {
	t.Helper()
	var resolved Config
	acted := false
	app := newApp(func(c *cli.Context, cmd setting.Command) (err error) {
		acted = true
		resolved, err = resolve(c, cmd, environ, "")
		return err
	})
	line, err := args.Reorder(append([]string{"grab"}, words...), app)
	if err != nil {
		return Config{}, err
	}
	err = app.RunContext(context.Background(), line)
	if err == nil && !acted {
		t.Fatalf("%q reached no action", words)
	}
	return resolved, err
}

func newApp(action func(*cli.Context, setting.Command) error) *cli.App {
	actions := map[setting.Command]cli.ActionFunc{}
	for _, cmd := range []setting.Command{setting.Download, setting.Compare, setting.Serve, setting.Report, setting.Status, setting.Check, setting.Show} {
		actions[cmd] = func(c *cli.Context) error { return action(c, cmd) }
	}
	app := App(Build{}, actions, nil)
	app.Writer, app.ErrWriter = io.Discard, io.Discard
	return app
}

// wantMistake checks that err is a usage error of one line with this text.
func wantMistake(t *testing.T, err error, want string) {
	t.Helper()
	mistake, ok := errors.AsType[*downloader.UsageError](err)
	if !ok {
		t.Fatalf("got %v (%T), want the usage error %q", err, err, want)
	}
	if got := mistake.Error(); got != want {
		t.Errorf("got  %q\nwant %q", got, want)
	}
	if strings.ContainsAny(mistake.Error(), "\r\n") {
		t.Errorf("%q is more than one line", mistake.Error())
	}
}

// writeFile makes a configuration file and returns its path.
func writeFile(t *testing.T, content string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "grab.toml")
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func fields(words string) []string { return strings.Fields(words) }

// captureInto is an action that resolves into cfg, with an empty environment.
func captureInto(cfg *Config) func(*cli.Context, setting.Command) error {
	return func(c *cli.Context, cmd setting.Command) (err error) {
		*cfg, err = resolve(c, cmd, nil, "")
		return err
	}
}
