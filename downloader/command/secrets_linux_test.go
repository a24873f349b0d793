package command

import (
	"bytes"
	"io"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// TestSecrets tests rows A152 and A80 of the catalogue. A password in a URL of a list
// reaches the server of that URL and nothing else: no output, no file, name or attribute,
// no command line, no environment, and not the answer to SIGQUIT. The passwords of a
// .netrc reach nobody.
func TestSecrets(t *testing.T) {
	const secret, netrc = "s3cret-0f-n0b0dy", "netrc-0f-n0b0dy"
	for _, mode := range []string{"sequential", "pool", "process"} {
		t.Run(mode, func(t *testing.T) {
			t.Parallel()
			half, rest := make(chan struct{}), make(chan struct{})
			var mu sync.Mutex
			asked := map[string]string{} // the passwords for each path
			var server *httptest.Server
			server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				_, password, _ := r.BasicAuth()
				mu.Lock()
				asked[r.URL.Path] += password + ";"
				mu.Unlock()
				switch body := picture(); r.URL.Path {
				case "/held":
					_, _ = w.Write(body[:9])
					_ = http.NewResponseController(w).Flush()
					close(half)
					<-rest
					_, _ = w.Write(body[9:])
				case "/missing":
					http.NotFound(w, r)
				case "/cut":
					_, _ = w.Write(body[:9])
					panic(http.ErrAbortHandler)
				case "/leads":
					http.Redirect(w, r, strings.Replace(server.URL, "127.0.0.1", "localhost", 1)+"/led", http.StatusFound)
				default:
					_, _ = w.Write(body)
				}
			}))
			defer server.Close()
			with := strings.Replace(server.URL, "//", "//me:"+secret+"@", 1)
			list := strings.Join([]string{with + "/held", with + "/missing", with + "/cut", with + "/leads", server.URL + "/plain", with + ":no/port", "ftp" + with[4:]}, "\n")
			dir := t.TempDir()
			if err := os.WriteFile(filepath.Join(dir, ".netrc"), []byte("machine 127.0.0.1 login me password "+netrc+"\ndefault login me password "+netrc+"\n"), 0o600); err != nil {
				t.Fatal(err)
			}
			g := launchCommand(t, dir, strings.NewReader(list), "sh", "-c", `HOME=$PWD NETRC=$PWD/.netrc exec grab "$@" 2>said`, "sh",
				"-json", "-v", "-progress", "plain", "-retries", "1", "-retry-min", "1ms", "-mode", mode, "-n", "2", "-")
			select {
			case <-half:
			case <-time.After(hang):
				t.Fatalf("it says %s", read(t, dir, "said"))
			}
			looked := lookAt(t, g.Process.Pid)
			again := time.NewTicker(50 * time.Millisecond)
			defer again.Stop()
			for !bytes.Contains(read(t, dir, "said"), []byte("in flight\n")) {
				g.signal(syscall.SIGQUIT)
				<-again.C
			}
			close(rest)
			out, err := io.ReadAll(g.out)
			if err != nil {
				t.Error(err)
			}
			_ = g.Wait()
			if code := g.ProcessState.ExitCode(); code != 1 || bytes.Count(out, []byte(`"status":"ok"`)) != 3 {
				t.Errorf("exit code %d, %s", code, out)
			}
			looked["standard output"] = string(out)
			collect(t, dir, looked)
			for where, text := range looked {
				if strings.Contains(where+text, secret) || strings.Contains(text, netrc) && where != ".netrc" {
					t.Errorf("a secret shows in %s: %q", where, text)
				}
			}
			mu.Lock()
			defer mu.Unlock()
			for path, want := range map[string]string{"/held": secret + ";", "/leads": secret + ";", "/led": ";", "/plain": ";"} {
				if asked[path] != want {
					t.Errorf("%s was asked for with %q, want %q", path, asked[path], want)
				}
			}
			if len(looked) < 8 {
				t.Errorf("only this was looked at: %q", looked)
			}
		})
	}
}

// lookAt returns what other processes of the user can read about a process group.
func lookAt(t *testing.T, group int) map[string]string {
	seen := map[string]string{}
	all, err := filepath.Glob("/proc/[0-9]*")
	if err != nil {
		t.Fatal(err)
	}
	for _, proc := range all {
		var pid int
		for _, digit := range filepath.Base(proc) {
			pid = 10*pid + int(digit-'0')
		}
		if of, err := syscall.Getpgid(pid); err != nil || of != group {
			continue
		}
		for _, name := range []string{"cmdline", "environ", "comm"} {
			data, err := os.ReadFile(filepath.Join(proc, name))
			if err == nil {
				seen[proc+"/"+name] = string(data)
			}
		}
	}
	return seen
}

// collect adds the names and contents of all files below a folder, and fails if any has
// extended attributes.
func collect(t *testing.T, dir string, seen map[string]string) {
	err := fs.WalkDir(os.DirFS(dir), ".", func(path string, entry fs.DirEntry, err error) error {
		if err == nil && !entry.IsDir() {
			seen[path] = string(read(t, dir, path))
		}
		names := make([]byte, 64<<10)
		if n, err := syscall.Listxattr(filepath.Join(dir, path), names); err == nil && n > 0 {
			t.Errorf("%s has attributes: %q", path, names[:n])
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
}

func read(t *testing.T, dir, name string) []byte {
	data, err := os.ReadFile(filepath.Join(dir, name))
	if err != nil {
		t.Error(err)
	}
	return data
}
