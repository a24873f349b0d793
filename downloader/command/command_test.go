package command

import (
	"bufio"
	"bytes"
	"flag"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

// hang is when a test gives up. It measures nothing.
const hang = time.Minute

// TestMain makes the test binary act as grab when it is run under that name. The scripts
// do so, and grab does for its child processes.
func TestMain(m *testing.M) {
	flag.Bool("update", false, "write what the scripts' cmp commands got into the scripts")
	// By default, a program with the race detector waits a second before it exits.
	os.Setenv("GORACE", strings.TrimSpace("atexit_sleep_ms=0 "+os.Getenv("GORACE")))
	testscript.Main(isolated{m}, map[string]func(){"grab": func() { os.Exit(Main(os.Args, os.Stdin, os.Stdout, os.Stderr)) }})
}

// isolated runs the tests without the settings of whoever runs them.
type isolated struct{ *testing.M }

// Run implements [testscript.TestingM].
func (m isolated) Run() int {
	os.Setenv("XDG_CONFIG_HOME", os.DevNull)
	return m.M.Run()
}

// running is a process that a test started.
type running struct {
	*exec.Cmd
	out    *bufio.Reader
	stderr bytes.Buffer
}

// launch runs grab in its own process group, in the working directory dir.
func launch(t *testing.T, dir string, stdin io.Reader, args ...string) *running {
	t.Helper()
	return launchCommand(t, dir, stdin, "grab", args...)
}

func launchCommand(t *testing.T, dir string, stdin io.Reader, name string, args ...string) *running {
	t.Helper()
	r := &running{Cmd: exec.Command(name, args...)}
	r.Dir, r.Stdin, r.Stderr = dir, stdin, &r.stderr
	setGroup(r.Cmd)
	out, err := r.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	r.out = bufio.NewReader(out)
	if err := r.Start(); err != nil {
		t.Fatal(err)
	}
	bound := time.AfterFunc(hang, func() { signalGroup(r.Cmd, syscall.SIGKILL) })
	t.Cleanup(func() { bound.Stop(); signalGroup(r.Cmd, syscall.SIGKILL) })
	return r
}

// signal does what Ctrl-C does: the whole process group gets it.
func (r *running) signal(sig syscall.Signal) { signalGroup(r.Cmd, sig) }

// picture returns the smallest whole image.
func picture() []byte {
	return []byte("GIF89a\x01\x00\x01\x00\x80\x00\x00\xff\xff\xff\x00\x00\x00,\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02D\x01\x00;")
}

// wholeOnly checks that there are count files at final names, all of them whole.
func wholeOnly(t *testing.T, dir string, body []byte, count int) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "image_*"))
	if err != nil || len(files) != count {
		t.Errorf("%d files, want %d (%v)", len(files), count, err)
	}
	for _, name := range files {
		if data, err := os.ReadFile(name); err != nil || !bytes.Equal(data, body) {
			t.Errorf("%s has %d bytes of %d (%v)", name, len(data), len(body), err)
		}
	}
}

// A low limit of open files makes grab slower, but no image fails: neither for lack of a
// connection nor for lack of a file.
func TestFewOpenFiles(t *testing.T) {
	body := append(picture(), make([]byte, 200_000)...)
	var list strings.Builder
	for range 30 { // servers are different hosts, so idle connections accumulate
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			_, _ = w.Write(body)
		}))
		t.Cleanup(server.Close)
		list.WriteString(server.URL + "/\n")
	}
	for _, mode := range []string{"sequential", "pool", "process"} {
		t.Run(mode, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			g := launchCommand(t, dir, strings.NewReader(strings.Repeat(list.String(), 5)),
				"sh", "-c", `ulimit -n 40; exec grab "$@"`, "sh", "-json", "-q", "-verify", "type", "-mode", mode, "-n", "64", "-")
			out, err := io.ReadAll(g.out)
			if err != nil {
				t.Fatal(err)
			}
			if err := g.Wait(); err != nil {
				t.Errorf("%v; %s; %s", err, &g.stderr, out[max(0, len(out)-500):])
			}
			wholeOnly(t, filepath.Join(dir, "images"), body, 150)
			short := regexp.MustCompile(`^grab: only (\d+) of 64 workers could be started: .*too many open files\n$`).FindSubmatch(g.stderr.Bytes())
			if mode == "process" && (short == nil || !bytes.Contains(out, append([]byte(`"workers":`), short[1]...))) || mode != "process" && g.stderr.Len() > 0 {
				t.Errorf("it says %q, and %s", &g.stderr, out[max(0, len(out)-500):])
			}
		})
	}
}

// If nobody reads standard output any more, the exit code is not 0.
func TestClosedPipe(t *testing.T) {
	for _, flags := range [][]string{{"-json"}, {"-v"}, {"compare", "-rounds", "1"}} {
		read, write, err := os.Pipe()
		if err != nil {
			t.Fatal(err)
		}
		read.Close()
		cmd := exec.Command("grab", append(flags, "-local", "-latency", "5ms", "-images", "5", "-out", t.TempDir())...)
		cmd.Stdout = write
		err = cmd.Run()
		write.Close()
		if err == nil {
			t.Errorf("grab %q exits 0", flags)
		}
	}
}
