package command

import (
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

// TestSaveCookies has a server that renews its cookie. The file of the cookies is replaced, and
// the next run sends the new one.
func TestSaveCookies(t *testing.T) {
	var sent []string
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		sent = append(sent, r.Header.Get("Cookie"))
		http.SetCookie(w, &http.Cookie{Name: "session", Value: "new", Path: "/", MaxAge: 3600, HttpOnly: true})
		_, _ = w.Write([]byte("GIF89a\x08\x00\x06\x00 a picture"))
	}))
	t.Cleanup(server.Close)
	dir := t.TempDir()
	jar, list := filepath.Join(dir, "jar.txt"), filepath.Join(dir, "list.txt")
	for name, text := range map[string]string{jar: "127.0.0.1\tFALSE\t/\tFALSE\t0\tsession\told\n", list: server.URL + "/a.gif\n"} {
		if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	for _, mode := range []string{"sequential", "pool"} {
		args := []string{"-force", "-verify", "type", "-q", "-mode", mode, "-cookies", jar, "-save-cookies", jar, "-out", filepath.Join(dir, "out"), list}
		if said, err := exec.Command("grab", args...).CombinedOutput(); err != nil {
			t.Fatalf("%v: %s", err, said)
		}
		text, err := os.ReadFile(jar)
		if err != nil || !strings.Contains(string(text), "#HttpOnly_127.0.0.1\tFALSE\t/\tFALSE\t") || !strings.Contains(string(text), "\tsession\tnew\n") {
			t.Errorf("%s: %q, %v", mode, text, err)
		}
		if info, err := os.Stat(jar); err != nil || runtime.GOOS != "windows" && info.Mode().Perm() != 0o600 {
			t.Errorf("%s: %v, %v", mode, info.Mode(), err)
		}
	}
	if want := "session=old session=new"; strings.Join(sent, " ") != want {
		t.Errorf("sent %q, want %s", sent, want)
	}
	if left, _ := os.ReadDir(dir); len(left) != 3 {
		t.Errorf("%v is left", left)
	}
	for _, args := range [][]string{{"-mode", "process", "-cookies", jar}, {}} {
		args = append(args, "-save-cookies", jar, "-out", filepath.Join(dir, "none"), list)
		if err := exec.Command("grab", args...).Run(); err == nil || err.(*exec.ExitError).ExitCode() != 2 {
			t.Errorf("%v: %v", args, err)
		}
	}
}
