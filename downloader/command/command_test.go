package command

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"image/jpeg"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

// hang bounds what must not take for ever. Nothing is measured with it.
const hang = time.Minute

// TestMain makes the test binary be grab where it is run under that name: by
// the scripts, and by grab for its own children.
func TestMain(m *testing.M) {
	flag.Bool("update", false, "write what the scripts' cmp commands got into the scripts")
	// A program with the race detector waits a second at its end, by default.
	os.Setenv("GORACE", strings.TrimSpace("atexit_sleep_ms=0 "+os.Getenv("GORACE")))
	testscript.Main(m, map[string]func(){"grab": func() { os.Exit(Main(os.Args, os.Stdin, os.Stdout, os.Stderr)) }})
}

func TestScripts(t *testing.T) {
	served := &background{} // by the one script that does
	testscript.Run(t, testscript.Params{
		Dir: "testdata/script", RequireExplicitExec: true, RequireUniqueNames: true,
		UpdateScripts: flag.Lookup("update").Value.String() == "true",
		Setup: func(env *testscript.Env) error {
			env.Setenv("GORACE", os.Getenv("GORACE"))
			list, err := os.ReadFile("../../urls.txt") // the experiment's own list
			if err != nil {
				return err
			}
			return os.WriteFile(filepath.Join(env.WorkDir, "urls.txt"), list, 0o666)
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"exits": exits, "images": images, "manifest": manifestCounts, "same": same, "holds": holds,
			"lines": lines, "records": records, "serve": served.serve, "stopserve": served.stop,
		},
	})
}

// exits CODE PROGRAM ARG... runs a program, which must exit with that very code.
func exits(ts *testscript.TestScript, neg bool, args []string) {
	want := number(ts, args[0])
	code := 0
	err := ts.Exec(args[1], args[2:]...)
	if exit, ok := errors.AsType[*exec.ExitError](err); ok {
		code = exit.ExitCode()
	} else {
		ts.Check(err)
	}
	if neg || code != want {
		ts.Fatalf("exit code %d, want %d", code, want)
	}
}

// images DIR INDEX... holds if exactly these images are in DIR, each a whole
// JPEG, 200 wide and as high as its URL in urls.txt says.
func images(ts *testscript.TestScript, neg bool, args []string) {
	var want []string
	for _, index := range args[1:] {
		want = append(want, "image_"+index+".jpg")
	}
	var got []string
	for _, name := range entries(ts, args[0]) {
		if strings.HasPrefix(name, "image_") {
			got = append(got, name)
		}
	}
	if neg || !slices.Equal(got, want) {
		ts.Fatalf("images %q, want %q", got, want)
	}
	for i, name := range want {
		shown, err := jpeg.Decode(strings.NewReader(ts.ReadFile(filepath.Join(args[0], name))))
		ts.Check(err)
		size, height := shown.Bounds().Size(), 300+number(ts, args[1+i])
		if size.X != 200 || size.Y != height {
			ts.Fatalf("%s is %v, want 200 x %d", name, size, height)
		}
	}
}

// manifestCounts: manifest DIR STATUS=COUNT... holds if the last lines of the
// manifest's indexes have these statuses and no others, and every line that
// says ok tells the truth about its file.
func manifestCounts(ts *testscript.TestScript, neg bool, args []string) {
	last := map[float64]map[string]any{}
	for line := range strings.Lines(ts.ReadFile(filepath.Join(args[0], "manifest.jsonl"))) {
		record := map[string]any{}
		ts.Check(json.Unmarshal([]byte(line), &record))
		last[record["index"].(float64)] = record
	}
	got := map[string]int{}
	for _, record := range last {
		got[record["status"].(string)]++
		if record["status"] != "ok" {
			continue
		}
		data := ts.ReadFile(filepath.Join(args[0], record["file"].(string)))
		sum := sha256.Sum256([]byte(data))
		if hex.EncodeToString(sum[:]) != record["sha256"] || float64(len(data)) != record["bytes"] {
			ts.Fatalf("%v is not what the manifest says", record["file"])
		}
	}
	want := map[string]int{}
	for _, arg := range args[1:] {
		status, count, _ := strings.Cut(arg, "=")
		want[status] = number(ts, count)
	}
	if neg || !maps.Equal(got, want) {
		ts.Fatalf("manifest: %v, want %v", got, want)
	}
}

// same DIR DIR holds if the images in both have the same names and bytes.
func same(ts *testscript.TestScript, neg bool, args []string) {
	equal := slices.Equal(entries(ts, args[0]), entries(ts, args[1]))
	for _, name := range entries(ts, args[0]) {
		if equal && name != "manifest.jsonl" {
			equal = ts.ReadFile(filepath.Join(args[0], name)) == ts.ReadFile(filepath.Join(args[1], name))
		}
	}
	if equal == neg {
		ts.Fatalf("same: %v", equal)
	}
}

// holds DIR NAME... holds if DIR has exactly these entries, hidden ones too.
func holds(ts *testscript.TestScript, neg bool, args []string) {
	if got := entries(ts, args[0]); neg || !slices.Equal(got, slices.Sorted(slices.Values(args[1:]))) {
		ts.Fatalf("%s holds %q", args[0], got)
	}
}

// lines FILE COUNT
func lines(ts *testscript.TestScript, neg bool, args []string) {
	if got := strings.Count(ts.ReadFile(args[0]), "\n"); neg || got != number(ts, args[1]) {
		ts.Fatalf("%s has %d lines, want %s", args[0], got, args[1])
	}
}

// records FILE TYPE COUNT FIELD[=JSON]... holds if every line of FILE is a JSON
// object, COUNT of them are of that type, and each of these has the fields, with
// the values that are given.
func records(ts *testscript.TestScript, neg bool, args []string) {
	count := 0
	for line := range strings.Lines(ts.ReadFile(args[0])) {
		record := map[string]json.RawMessage{}
		ts.Check(json.Unmarshal([]byte(line), &record))
		if string(record["type"]) != strconv.Quote(args[1]) {
			continue
		}
		count++
		for _, field := range args[3:] {
			name, want, valued := strings.Cut(field, "=")
			got, ok := record[name]
			if !ok || (valued && string(got) != want) {
				ts.Fatalf("field %s is %s, want %s, in %s", name, got, want, line)
			}
		}
	}
	if neg || count != number(ts, args[2]) {
		ts.Fatalf("%d lines of type %s, want %s", count, args[1], args[2])
	}
}

// background is the grab serve of one script.
type background struct{ cmd *exec.Cmd }

// serve ARG... runs grab serve, and sets ADDR when it is ready.
func (b *background) serve(ts *testscript.TestScript, _ bool, args []string) {
	b.cmd = exec.Command("grab", append([]string{"serve"}, args...)...)
	out, err := b.cmd.StdoutPipe()
	ts.Check(err)
	ts.Check(b.cmd.Start())
	ts.Defer(func() { _ = b.cmd.Process.Kill() })
	first, err := bufio.NewReader(out).ReadString('\n')
	ts.Check(err)
	_, addr, _ := strings.Cut(first, "http://")
	addr, _, _ = strings.Cut(addr, "/")
	ts.Setenv("ADDR", addr)
}

// stop: stopserve SIGNAL CODE stops it, and holds if it exits with that code.
func (b *background) stop(ts *testscript.TestScript, _ bool, args []string) {
	ts.Check(b.cmd.Process.Signal(map[string]os.Signal{"SIGINT": syscall.SIGINT, "SIGTERM": syscall.SIGTERM}[args[0]]))
	bound := time.AfterFunc(hang, func() { _ = b.cmd.Process.Kill() })
	defer bound.Stop()
	_ = b.cmd.Wait()
	if code := b.cmd.ProcessState.ExitCode(); code != number(ts, args[1]) {
		ts.Fatalf("grab serve exits %d after %s, want %s", code, args[0], args[1])
	}
}

func entries(ts *testscript.TestScript, dir string) []string {
	all, err := os.ReadDir(ts.MkAbs(dir))
	ts.Check(err)
	var names []string
	for _, entry := range all {
		names = append(names, entry.Name())
	}
	return names
}

func number(ts *testscript.TestScript, text string) int {
	n, err := strconv.Atoi(text)
	ts.Check(err)
	return n
}

// running is a grab that runs.
type running struct {
	*exec.Cmd
	out    *bufio.Reader
	stderr bytes.Buffer
}

// launch runs grab in its own process group, with DIR as its working directory.
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

// endless is a list that does not end.
type endless string

func (e endless) Read(p []byte) (int, error) {
	return copy(p, e), nil
}

// picture returns a body that passes for an image.
func picture() []byte {
	return []byte("GIF89a\x01\x00\x01\x00\x80\x00\x00\xff\xff\xff\x00\x00\x00,\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02D\x01\x00;")
}

// The first signal takes no more images, and lets those in flight finish: every
// request that the server saw was answered in full and its file kept, the
// summary is told, and nothing is left.
func TestSignalDrains(t *testing.T) {
	body := picture()
	for i, mode := range []string{"sequential", "pool", "process"} {
		sig := []syscall.Signal{syscall.SIGINT, syscall.SIGTERM, syscall.SIGHUP}[i]
		t.Run(mode+" "+sig.String(), func(t *testing.T) {
			t.Parallel()
			var asked, broken atomic.Int64
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				asked.Add(1)
				half := len(body) / 2
				_, _ = w.Write(body[:half])
				_ = http.NewResponseController(w).Flush()
				select { // in the middle of the body for a while
				case <-time.After(50 * time.Millisecond):
				case <-r.Context().Done():
					broken.Add(1)
				}
				_, _ = w.Write(body[half:])
			}))
			defer server.Close()
			dir := t.TempDir()
			g := launch(t, dir, endless(server.URL+"/\n"), "-json", "-mode", mode, "-n", "3", "-")
			if _, err := g.out.ReadString('\n'); err != nil {
				t.Fatal(err, &g.stderr)
			}
			g.signal(sig)
			rest, err := io.ReadAll(g.out)
			if err != nil {
				t.Fatal(err)
			}
			ok := 1 + bytes.Count(rest, []byte(`"status":"ok"`))
			var summary struct {
				Total, OK, Canceled int
				ExitCode            int `json:"exit_code"`
			}
			last := rest[bytes.LastIndexByte(bytes.TrimSpace(rest), '\n')+1:]
			if err := json.Unmarshal(last, &summary); err != nil || !bytes.Contains(last, []byte(`"type":"summary"`)) {
				t.Fatalf("the last line is %q: %v; %s", last, err, &g.stderr)
			}
			_ = g.Wait()
			want := map[syscall.Signal]int{syscall.SIGINT: 130, syscall.SIGTERM: 143, syscall.SIGHUP: 143}[sig]
			if code := g.ProcessState.ExitCode(); code != want || summary.ExitCode != want {
				t.Errorf("exit code %d, in the summary %d, want %d; %s", code, summary.ExitCode, want, &g.stderr)
			}
			if int64(ok) != asked.Load() || broken.Load() > 0 || summary.OK != ok || summary.Total != ok+summary.Canceled {
				t.Errorf("%d requests, %d broken off; %d results ok; summary %+v", asked.Load(), broken.Load(), ok, summary)
			}
			wholeOnly(t, filepath.Join(dir, "images"), body, ok)
			if _, err := os.Stat(filepath.Join(dir, "images", ".grab")); err == nil {
				t.Error("the state folder is left")
			}
		})
	}
}

// wholeOnly checks that every file at a final name is whole, and how many there are.
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

// The second signal ends the process at once, whatever is in flight, and no
// child lives on to hold a connection.
func TestSecondSignalEndsAtOnce(t *testing.T) {
	body := picture()
	for mode, n := range map[string]int{"sequential": 1, "pool": 2, "process": 2} {
		t.Run(mode, func(t *testing.T) {
			t.Parallel()
			asked, gone := make(chan struct{}, 9), make(chan struct{}, 9)
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				_, _ = w.Write(body[:len(body)/2])
				_ = http.NewResponseController(w).Flush()
				asked <- struct{}{}
				<-r.Context().Done()
				gone <- struct{}{}
			}))
			defer server.Close()
			dir := t.TempDir()
			g := launch(t, dir, endless(server.URL+"/\n"), "-mode", mode, "-n", "2", "-")
			for range n {
				<-asked
			}
			ended := make(chan error, 1)
			go func() { ended <- g.Wait() }()
			again := time.NewTicker(10 * time.Millisecond) // two signals may arrive as one
			defer again.Stop()
			for waiting := true; waiting; {
				select {
				case <-again.C:
					_ = g.Process.Signal(syscall.SIGINT)
				case <-ended:
					waiting = false
				}
			}
			if status := g.ProcessState.Sys().(syscall.WaitStatus); !status.Signaled() || status.Signal() != syscall.SIGINT {
				t.Errorf("it ended by itself, with %v", g.ProcessState)
			}
			for range n {
				<-gone
			}
			wholeOnly(t, filepath.Join(dir, "images"), body, 0)
		})
	}
}

// held answers one request after another with half an image, and with the rest
// of all when it is let go.
type held struct {
	*httptest.Server
	half, rest chan struct{}
}

func hold(t *testing.T) *held {
	h := &held{half: make(chan struct{}, 99), rest: make(chan struct{})}
	h.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body := picture()
		_, _ = w.Write(body[:len(body)/2])
		_ = http.NewResponseController(w).Flush()
		h.half <- struct{}{}
		select {
		case <-h.rest:
			_, _ = w.Write(body[len(body)/2:])
		case <-r.Context().Done():
		}
	}))
	t.Cleanup(h.Close)
	return h
}

// SIGQUIT asks what is in flight, and harms neither grab nor its children. A
// hang-up that was ignored from the start (nohup) stays so.
func TestQuestion(t *testing.T) {
	for _, mode := range []string{"sequential", "pool", "process"} {
		t.Run(mode, func(t *testing.T) {
			t.Parallel()
			server, dir, n := hold(t), t.TempDir(), 2
			if mode == "sequential" {
				n = 1
			}
			list := strings.Repeat(server.URL+"/\n", 3)
			script := `trap "" HUP; exec grab "$@" 2>said`
			g := launchCommand(t, dir, strings.NewReader(list), "sh", "-c", script, "sh", "-json", "-q", "-mode", mode, "-n", strconv.Itoa(n), "-")
			for range n {
				<-server.half
			}
			asked := fmt.Sprintf(`(?m)^%s: %d in flight\n`, mode, n)
			for i := range n {
				asked += fmt.Sprintf("  line %d, %s/: read body for [0-9.]+m?s, [0-9.]+m?s in all\n", i+1, server.URL)
			}
			again := time.NewTicker(50 * time.Millisecond) // children tell their parent ten times a second
			defer again.Stop()
			bound := time.After(hang)
			for answered := false; !answered; {
				g.signal(syscall.SIGHUP)
				g.signal(syscall.SIGQUIT)
				select {
				case <-again.C:
				case <-bound:
					said, _ := os.ReadFile(filepath.Join(dir, "said"))
					t.Fatalf("it says %s, want %s", said, asked)
				}
				said, _ := os.ReadFile(filepath.Join(dir, "said"))
				answered = regexp.MustCompile(asked).Match(said)
			}
			close(server.rest)
			if out, err := io.ReadAll(g.out); err != nil || bytes.Count(out, []byte(`"status":"ok"`)) != 3 {
				t.Errorf("%v, %s", err, out)
			}
			if err := g.Wait(); err != nil {
				t.Error(err)
			}
			said, _ := os.ReadFile(filepath.Join(dir, "said"))
			if bytes.Contains(said, []byte("goroutine")) {
				t.Errorf("it says %s", said)
			}
		})
	}
}

// A machine that allows few open files makes grab slower, and fails no image:
// not one on the way to a server, nor one on the way to the disk.
func TestFewOpenFiles(t *testing.T) {
	body := append(picture(), make([]byte, 200_000)...)
	var list strings.Builder
	for range 30 { // each server a host of its own, so that connections are left idle
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

// Nobody reads the results any more: that is no success, and what is there is whole.
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
