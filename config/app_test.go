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
)

// run resolves a command line as main does and returns what reached the action.
func run(t *testing.T, environ []string, words ...string) (Config, error) {
	t.Helper()
	var resolved Config
	acted := false
	app := newApp(func(c *cli.Context, cmd Command) (err error) {
		acted = true
		resolved, err = resolve(c, cmd, environ)
		return err
	})
	args, err := Arrange(append([]string{"grab"}, words...), app)
	if err != nil {
		return Config{}, err
	}
	err = app.RunContext(context.Background(), args)
	if err == nil && !acted {
		t.Fatalf("%q reached no action", words)
	}
	return resolved, err
}

func newApp(action func(*cli.Context, Command) error) *cli.App {
	act := func(cmd Command) cli.ActionFunc {
		return func(c *cli.Context) error { return action(c, cmd) }
	}
	refuse := func(cmd Command) cli.OnUsageErrorFunc {
		return func(_ *cli.Context, err error, _ bool) error { return FlagError(err, cmd) }
	}
	return &cli.App{
		Name:                      "grab",
		HideVersion:               true,
		HideHelpCommand:           true,
		Writer:                    io.Discard,
		ErrWriter:                 io.Discard,
		DisableSliceFlagSeparator: true,
		ExitErrHandler:            func(*cli.Context, error) {},
		Flags:                     Flags(Download),
		Action:                    act(Download),
		OnUsageError:              refuse(Download),
		Commands: []*cli.Command{
			{Name: "compare", Flags: Flags(Compare), Action: act(Compare), OnUsageError: refuse(Compare)},
			{Name: "serve", Flags: Flags(Serve), Action: act(Serve), OnUsageError: refuse(Serve)},
			{Name: "report", Flags: Flags(Report), Action: act(Report), OnUsageError: refuse(Report)},
		},
	}
}

// wantMistake checks that err is a usage error of one line with this text.
func wantMistake(t *testing.T, err error, want string) {
	t.Helper()
	mistake, ok := errors.AsType[*Error](err)
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
func captureInto(cfg *Config) func(*cli.Context, Command) error {
	return func(c *cli.Context, cmd Command) (err error) {
		*cfg, err = resolve(c, cmd, nil)
		return err
	}
}
