package config

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"grab/config/setting"

	"github.com/urfave/cli/v2"
)

// The user's own file is read if it is there and no other is named, and not with -no-config.
func TestUserFile(t *testing.T) {
	own, named := writeFile(t, "retries = 11"), writeFile(t, "retries = 22")
	missing := filepath.Join(t.TempDir(), "none", "config.toml")
	for _, test := range []struct {
		own, environ, words string
		want                int // retries
		file                string
	}{
		{missing, "", "", 4, ""},
		{"", "", "", 4, ""},
		{own, "", "", 11, own},
		{own, "", "compare", 11, own},
		{own, "", "-retries 3", 3, own},
		{own, "GRAB_RETRIES=5", "", 5, own},
		{own, "", "-config " + named, 22, named},
		{own, "GRAB_CONFIG=" + named, "", 22, named},
		{own, "", "-no-config", 4, ""},
		{own, "GRAB_NO_CONFIG=true", "", 4, ""},
		{own, "GRAB_CONFIG=" + named, "-no-config", 4, ""},
		{own, "GRAB_NO_CONFIG=true", "-config " + named, 22, named},
		{own, "GRAB_NO_CONFIG=true", "-no-config=false", 11, own},
		{own, "GRAB_NO_CONFIG=", "", 11, own},
	} {
		got, err := runWith(t, test.own, strings.Fields(test.environ), strings.Fields(test.words)...)
		if err != nil || got.Options.Retries != test.want || got.File != test.file {
			t.Errorf("%+v: %d retries, file %q, %v", test, got.Options.Retries, got.File, err)
		}
	}
}

// Mistakes in the user's own file name it.
func TestUserFileMistakes(t *testing.T) {
	wrong, broken, folder := writeFile(t, "retires = 1"), writeFile(t, "n = "), t.TempDir()
	for own, want := range map[string]string{
		wrong:                            wrong + ": retires: no such setting; did you mean retries?",
		broken:                           broken + ":1: unexpected EOF; expected value",
		writeFile(t, "mode = 'fast'"):    `: mode: "fast" is not one of sequential, pool, process`,
		writeFile(t, "no-config = true"): ": no-config: has no meaning in a file",
		folder:                           folder + ": is a directory; -no-config runs without it",
	} {
		_, err := runWith(t, own, nil)
		if err == nil || !strings.HasSuffix(err.Error(), want) || !strings.HasPrefix(err.Error(), own) {
			t.Errorf("%s: %v, want %s", own, err, want)
		}
		if _, err := runWith(t, own, nil, "-no-config"); err != nil {
			t.Errorf("%s with -no-config: %v", own, err)
		}
	}
	for words, want := range map[string]string{
		"-no-config -config " + wrong: "-no-config: contradicts -config",
		"-no-config=maybe":            `-no-config: "maybe" is not true or false`,
	} {
		_, err := runWith(t, "", nil, strings.Fields(words)...)
		wantMistake(t, err, want)
	}
	_, err := run(t, []string{"GRAB_NO_CONFIG=x"})
	wantMistake(t, err, `GRAB_NO_CONFIG: "x" is not true or false`)
}

// The user's own file is left out only if it is not there. One that cannot be read is a
// mistake, since a run without it would not be the one that the user asked for.
func TestUserFileThatCannotBeRead(t *testing.T) {
	dir := t.TempDir()
	loop, secret, plain := filepath.Join(dir, "loop"), filepath.Join(dir, "secret"), writeFile(t, "retries = 11")
	if err := os.Symlink("loop", loop); err != nil {
		t.Skip(err)
	}
	if err := os.WriteFile(secret, nil, 0); err != nil {
		t.Fatal(err)
	}
	broken := map[string]string{loop: "too many levels of symbolic links", t.TempDir(): "is a directory"}
	if _, err := os.ReadFile(secret); err != nil { // not as root
		broken[secret] = "permission denied"
	}
	for own, why := range broken {
		_, err := runWith(t, own, nil)
		if err == nil {
			t.Errorf("%s: no error", own)
			continue
		}
		wantMistake(t, err, own+": "+why+"; -no-config runs without it")
		if cfg, err := runWith(t, own, nil, "-no-config"); err != nil || cfg.File != "" {
			t.Errorf("%s with -no-config: file %q, %v", own, cfg.File, err)
		}
	}
	dangling := filepath.Join(dir, "dangling")
	if err := os.Symlink(filepath.Join(dir, "none"), dangling); err != nil {
		t.Fatal(err)
	}
	below := filepath.Join(plain, "config.toml") // of what is no directory, so it cannot be
	closed := filepath.Join(dir, "closed")       // somebody else's home
	if err := os.Mkdir(closed, 0); err != nil {
		t.Fatal(err)
	}
	for _, own := range []string{dangling, below, filepath.Join(closed, "config.toml")} {
		if cfg, err := runWith(t, own, nil); err != nil || cfg.File != "" {
			t.Errorf("%s: file %q, %v", own, cfg.File, err)
		}
	}
}

// runWith is run with the path of a user's own file.
func runWith(t *testing.T, userFile string, environ []string, words ...string) (cfg Config, err error) {
	t.Helper()
	app := newApp(func(c *cli.Context, cmd setting.Command) (err error) {
		cfg, err = resolve(c, cmd, environ, userFile)
		return err
	})
	err = app.RunContext(context.Background(), append([]string{"grab"}, words...))
	return cfg, err
}
