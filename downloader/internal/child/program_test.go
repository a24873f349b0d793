package child

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Where /proc is missing, as in a chroot, the program is found all the same.
func TestFindProgram(t *testing.T) {
	dir := t.TempDir()
	program := filepath.Join(dir, "prog.exe") // Windows wants the extension
	if err := os.WriteFile(program, []byte("#!"), 0o755); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", dir)
	t.Chdir(dir)
	missing := filepath.Join(dir, "proc", "self", "exe")
	known := func() (string, error) { return "/known", nil }
	unknown := func() (string, error) { return "", errors.New("no /proc") }
	for name, test := range map[string]struct {
		running    string
		executable func() (string, error)
		name, want string
	}{
		"running":          {program, unknown, "x", program},
		"by the system":    {missing, known, "x", "/known"},
		"by its path":      {missing, unknown, program, program},
		"by PATH":          {missing, unknown, "prog.exe", program},
		"by relative path": {missing, unknown, "." + string(filepath.Separator) + "prog.exe", program},
	} {
		if got := findProgram(test.running, test.executable, test.name); got != test.want {
			t.Errorf("%s: got %s, want %s", name, got, test.want)
		}
	}
	if got := findProgram(missing, unknown, "nothing"); !strings.HasPrefix(got, "nothing ") || !strings.Contains(got, "/proc") {
		t.Errorf("not found: got %s", got)
	}
}
