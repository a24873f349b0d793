package help_test

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"grab/config"
	"grab/config/setting"
)

// The manual page has every command and every flag, and its language has no mistake.
func TestManual(t *testing.T) {
	var page bytes.Buffer
	app := config.App(config.Build{Version: "1", Date: time.Date(2026, 11, 26, 0, 0, 0, 0, time.UTC)}, nil, nil)
	app.Writer = &page
	if err := app.Run([]string{"grab", "man"}); err != nil {
		t.Fatal(err)
	}
	text := page.String()
	for _, s := range config.Settings() {
		if !strings.Contains(text, "\n.It Fl "+s.Name+"\n") && !strings.Contains(text, "\n.It Fl "+s.Name+" ") {
			t.Errorf("the page lacks -%s", s.Name)
		}
	}
	for _, name := range setting.SubcommandNames() {
		if !strings.Contains(text, "\n.It Nm Cm "+name) {
			t.Errorf("the page lacks grab %s", name)
		}
	}
	for line := range strings.Lines(text) {
		if len(line) > 80 || strings.ContainsAny(line, "`\t") || strings.TrimRight(line, " \n") != strings.TrimRight(line, "\n") {
			t.Errorf("line %q", line)
		}
	}
	if !strings.HasPrefix(text, ".Dd November 26, 2026\n") {
		t.Errorf("it begins with %.40q", text)
	}
	if _, err := exec.LookPath("mandoc"); err != nil {
		t.Log("no mandoc here, which would check the page's language")
		return
	}
	file := filepath.Join(t.TempDir(), "grab.1")
	if err := os.WriteFile(file, page.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command("mandoc", "-T", "lint", file).CombinedOutput(); err != nil || len(out) > 0 {
		t.Errorf("%v\n%s", err, out)
	}
}
