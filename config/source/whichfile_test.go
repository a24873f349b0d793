package source

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestWhereTheUserFileIs asks where the user's own file of settings is.
func TestWhereTheUserFileIs(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("XDG_CONFIG_HOME", dir)
	if got, want := UserFile(), filepath.Join(dir, "grab", "config.toml"); got != want {
		t.Errorf("%s, want %s", got, want)
	}
	t.Setenv("XDG_CONFIG_HOME", "relative") // the specification has such a path ignored
	if got := UserFile(); strings.Contains(got, "relative") {
		t.Error(got)
	}
	t.Setenv("XDG_CONFIG_HOME", "")
	if home, err := os.UserConfigDir(); err == nil && UserFile() != filepath.Join(home, "grab", "config.toml") {
		t.Error(UserFile())
	}
}
