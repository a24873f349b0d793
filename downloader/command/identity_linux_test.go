package command

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

// TestSecretsOfSingleHosts checks that what the user gives for one host reaches this host,
// and neither another one nor anything that other processes or readers of files can see.
func TestSecretsOfSingleHosts(t *testing.T) {
	const cookie, password, key = "c00kie-s3cret", "netrc-s3cret", "key-s3cret"
	for _, mode := range []string{"sequential", "pool", "process"} {
		t.Run(mode, func(t *testing.T) {
			t.Parallel()
			half, rest := make(chan struct{}), make(chan struct{})
			var mu sync.Mutex
			asked := map[string]string{} // what each path was asked for with
			var elsewhere string
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				_, given, _ := r.BasicAuth()
				host, _, _ := strings.Cut(r.Host, ":")
				mu.Lock()
				asked[r.URL.Path] = fmt.Sprintf("%s|%s|%s|%s|%s", host, r.Header.Get("Cookie"), given, r.Header.Get("X-Key"), r.Referer())
				mu.Unlock()
				switch r.URL.Path {
				case "/held":
					_, _ = w.Write(picture()[:9])
					_ = http.NewResponseController(w).Flush()
					close(half)
					<-rest
					_, _ = w.Write(picture()[9:])
				case "/missing":
					http.NotFound(w, r)
				case "/leads":
					http.Redirect(w, r, elsewhere+"/led", http.StatusFound)
				case "/renews":
					w.Header().Set("Set-Cookie", "session=renewed; Path=/renewed")
					http.Redirect(w, r, "/renewed", http.StatusFound)
				default:
					_, _ = w.Write(picture())
				}
			}))
			defer server.Close()
			elsewhere = strings.Replace(server.URL, "127.0.0.1", "localhost", 1)
			origin := server.URL + "/"
			dir := t.TempDir()
			write := func(name, text string) {
				if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			write("cookies.txt", "127.0.0.1\tFALSE\t/\tFALSE\t0\tsession\t"+cookie+"\n")
			write(".netrc", "machine 127.0.0.1 login me password "+password+"\n")
			write("grab.toml", "referer = 'origin'\n[header.'127.0.0.1']\nX-Key = '"+key+"'\n")
			list := strings.Join([]string{server.URL + "/held", server.URL + "/missing", server.URL + "/leads", server.URL + "/renews", elsewhere + "/other"}, "\n")
			g := launchCommand(t, dir, strings.NewReader(list), "sh", "-c", `HOME=$PWD exec grab "$@" 2>said`, "sh",
				"-config", "grab.toml", "-cookies", "cookies.txt", "-netrc", "-json", "-v", "-progress", "plain", "-mode", mode, "-n", "2", "-")
			select {
			case <-half:
			case <-time.After(hang):
				t.Fatalf("it says %s", read(t, dir, "said"))
			}
			looked := lookAt(t, g.Process.Pid)
			close(rest)
			out, err := io.ReadAll(g.out)
			if err != nil {
				t.Error(err)
			}
			_ = g.Wait()
			if code := g.ProcessState.ExitCode(); code != 1 || strings.Count(string(out), `"status":"ok"`) != 4 {
				t.Errorf("exit code %d, %s%s", code, out, read(t, dir, "said"))
			}
			looked["standard output"] = string(out)
			collect(t, dir, looked)
			for _, name := range []string{"cookies.txt", ".netrc", "grab.toml"} {
				delete(looked, name)
			}
			for where, text := range looked {
				if strings.Contains(where+text, "s3cret") {
					t.Errorf("a secret shows in %s: %q", where, text)
				}
			}
			mu.Lock()
			defer mu.Unlock()
			with := "127.0.0.1|session=" + cookie + "|" + password + "|" + key + "|" + origin
			for path, want := range map[string]string{
				"/held": with, "/missing": with, "/leads": with,
				"/led":     "localhost||||" + origin,
				"/renewed": strings.Replace(with, "session=", "session=renewed; session=", 1),
				"/other":   "localhost||||" + elsewhere + "/",
			} {
				if asked[path] != want {
					t.Errorf("%s was asked for with %q, want %q", path, asked[path], want)
				}
			}
		})
	}
}
