package command

import (
	"bufio"
	"io"
	"net/http"
	"os/exec"
	"regexp"
	"strings"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

// watched is the grab with a live page that a script runs.
type watched struct {
	cmd   *exec.Cmd
	stdin io.WriteCloser
}

// start: livepage LIST ARG... runs grab with a live page, and sets PAGE to its URL and PAGEADDR
// to its address. If the arguments end in -, grab reads the list from its standard input, which
// stays open.
func (w *watched) start(ts *testscript.TestScript, _ bool, args []string) {
	w.cmd = exec.Command("grab", append([]string{"-web=127.0.0.1:0", "-progress=none"}, args[1:]...)...)
	if args[1] == "compare" {
		w.cmd.Args = append([]string{"grab", "compare", "-web=127.0.0.1:0", "-progress=none"}, args[2:]...)
	}
	w.cmd.Dir = ts.MkAbs(".")
	var err error
	w.stdin, err = w.cmd.StdinPipe()
	ts.Check(err)
	out, err := w.cmd.StderrPipe()
	ts.Check(err)
	ts.Check(w.cmd.Start())
	ts.Defer(func() { _ = w.cmd.Process.Kill() })
	first, err := bufio.NewReader(out).ReadString('\n')
	ts.Check(err)
	url, found := strings.CutPrefix(strings.TrimSpace(first), "grab: live page at ")
	if !found {
		ts.Fatalf("grab says %q", first)
	}
	ts.Setenv("PAGE", url)
	ts.Setenv("PAGEADDR", strings.Trim(strings.TrimPrefix(url, "http:"), "/"))
	_, err = io.WriteString(w.stdin, ts.ReadFile(args[0]))
	ts.Check(err)
}

// shows: pageshows PATH PATTERN... waits until an answer of the page matches all patterns.
func (w *watched) shows(ts *testscript.TestScript, _ bool, args []string) {
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}, Timeout: hang}
	poll := time.NewTicker(10 * time.Millisecond)
	defer poll.Stop()
	limit := time.Now().Add(hang)
	for {
		response, err := client.Get(ts.Getenv("PAGE") + args[0])
		ts.Check(err)
		body, err := io.ReadAll(response.Body)
		_ = response.Body.Close()
		ts.Check(err)
		missing := ""
		for _, pattern := range args[1:] {
			if !regexp.MustCompile("(?m)" + pattern).Match(body) {
				missing = pattern
			}
		}
		if missing == "" {
			return
		}
		if time.Now().After(limit) {
			ts.Fatalf("no %s in %s", missing, body)
		}
		<-poll.C
	}
}

// end: endlist CODE ends the list, and passes if grab exits with CODE.
func (w *watched) end(ts *testscript.TestScript, _ bool, args []string) {
	ts.Check(w.stdin.Close())
	bound := time.AfterFunc(hang, func() { _ = w.cmd.Process.Kill() })
	defer bound.Stop()
	_ = w.cmd.Wait()
	if code := w.cmd.ProcessState.ExitCode(); code != number(ts, args[0]) {
		ts.Fatalf("grab exits %d, want %s", code, args[0])
	}
}
