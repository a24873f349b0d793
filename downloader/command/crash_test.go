//go:build failpoint && linux

package command

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"grab/testserver"
)

// The crash tests kill grab and check what is left. They compute what they expect from
// the server's seed and ledger, and use no code of the engine.

// orphanLimit is how long children may outlive a parent that was killed.
const orphanLimit = 2 * time.Second

// site is a list of images and the server that serves them.
type site struct {
	server *testserver.Server
	args   []string // of grab, without -out
	uris   []string // by index
	images [][]byte
}

// victimSite returns a site of n images in several formats. Every fourth is
// larger than a single write of grab.
func victimSite(t *testing.T, mode string, n int, latency time.Duration) *site {
	t.Helper()
	server, err := testserver.New(testserver.Options{Latency: latency, Jitter: latency})
	if err == nil {
		err = server.Start("")
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { server.Close() })
	s := &site{server: server}
	var list strings.Builder
	for i := range n {
		uri := fmt.Sprintf("/image/%d.%s", i, []string{"jpg", "png", "gif"}[i%3])
		if i%4 == 3 {
			uri += "?bytes=" + strconv.Itoa(150_000+i)
		}
		image, err := testserver.Image(uri, 0)
		if err != nil {
			t.Fatal(err)
		}
		s.uris, s.images = append(s.uris, uri), append(s.images, image)
		fmt.Fprintln(&list, server.URL(uri))
	}
	name := filepath.Join(t.TempDir(), "list.txt")
	if err := os.WriteFile(name, []byte(list.String()), 0o666); err != nil {
		t.Fatal(err)
	}
	s.args = []string{"-mode", mode, "-n", "3", "-json", "-progress", "none", name}
	return s
}

// attempt is one run of grab.
type attempt struct {
	cmd            *exec.Cmd
	alive          *os.File // at end of file when grab and all of its children have ended
	stdout, stderr bytes.Buffer
	bound          *time.Timer
}

// start runs grab on the site's list, with env added to the environment.
func (s *site) start(t *testing.T, dir string, env ...string) *attempt {
	t.Helper()
	a := &attempt{cmd: exec.Command("grab", append([]string{"-out", dir}, s.args...)...)}
	alive, held, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	a.alive = alive
	a.cmd.Stdout, a.cmd.Stderr, a.cmd.ExtraFiles = &a.stdout, &a.stderr, []*os.File{held} // which children inherit
	a.cmd.Env = append(os.Environ(), env...)
	a.cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	err = a.cmd.Start()
	held.Close()
	if err != nil {
		t.Fatal(err)
	}
	a.bound = time.AfterFunc(hang, func() { _ = syscall.Kill(-a.cmd.Process.Pid, syscall.SIGKILL) })
	return a
}

// wait waits until grab has ended, and checks that no child is left.
func (a *attempt) wait(t *testing.T, about string) syscall.WaitStatus {
	t.Helper()
	_ = a.cmd.Wait() // the state says more
	ended := time.Now()
	if !a.bound.Stop() {
		t.Errorf("%s: grab hangs", about)
	}
	_ = a.alive.SetReadDeadline(ended.Add(orphanLimit))
	if _, err := a.alive.Read(make([]byte, 1)); err != io.EOF {
		t.Errorf("%s: children are left after %v: %v", about, orphanLimit, err)
		_ = syscall.Kill(-a.cmd.Process.Pid, syscall.SIGKILL)
	}
	a.alive.Close()
	return a.cmd.ProcessState.Sys().(syscall.WaitStatus)
}

// record is a line of the manifest or of -json, with the fields that the tests use.
type record struct {
	Type, URL, Status, Class, File, SHA256 string
	Index, Bytes, Total, OK, Skipped       int
	Rec                                    *int
}

func parseRecords(t *testing.T, about string, data []byte) []record {
	t.Helper()
	var all []record
	for line := range bytes.Lines(data) {
		var r record
		if err := json.Unmarshal(line, &r); err != nil {
			t.Errorf("%s: line %q: %v", about, line, err)
			continue
		}
		all = append(all, r)
	}
	return all
}

// journal returns the whole lines of a manifest, none if it does not exist yet.
func journal(t *testing.T, about, dir string) []record {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(dir, "manifest.jsonl"))
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		t.Errorf("%s: %v", about, err)
	}
	return parseRecords(t, about, data[:bytes.LastIndexByte(data, '\n')+1])
}

// afterKill checks what must be true at any moment: a file at a final name is whole and
// the right image, and every line of the manifest has its file. It returns the indexes
// that have a line.
func (s *site) afterKill(t *testing.T, about, dir string) map[int]bool {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "image_*"))
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range files {
		stem, _, _ := strings.Cut(strings.TrimPrefix(filepath.Base(name), "image_"), ".")
		i, err := strconv.Atoi(stem)
		if err != nil || i >= len(s.images) {
			t.Errorf("%s: a stray %s", about, name)
			continue
		}
		if data, err := os.ReadFile(name); err != nil || !bytes.Equal(data, s.images[i]) {
			t.Errorf("%s: %s has %d bytes, and not the image of %d (%v)", about, name, len(data), len(s.images[i]), err)
		}
	}
	done := map[int]bool{}
	for _, r := range journal(t, about, dir) {
		if done[r.Index] {
			t.Errorf("%s: two lines for index %d", about, r.Index)
		}
		if r.Status == "ok" {
			s.truthful(t, about, dir, r)
			done[r.Index] = true
		}
	}
	return done
}

// truthful checks a line against the file and the server's image.
func (s *site) truthful(t *testing.T, about, dir string, r record) {
	t.Helper()
	if r.Index < 0 || r.Index >= len(s.images) || r.URL != s.server.URL(s.uris[r.Index]) {
		t.Errorf("%s: a line of no image of the list: %+v", about, r)
		return
	}
	sum := sha256.Sum256(s.images[r.Index])
	if r.Bytes != len(s.images[r.Index]) || r.SHA256 != hex.EncodeToString(sum[:]) {
		t.Errorf("%s: the line says %+v, the image has %d bytes, sha256 %x", about, r, len(s.images[r.Index]), sum)
	}
	if data, err := os.ReadFile(filepath.Join(dir, r.File)); err != nil || !bytes.Equal(data, s.images[r.Index]) {
		t.Errorf("%s: a line, but not the file: %+v: %d bytes, %v", about, r, len(data), err)
	}
}

// complete checks a run that ended by itself with nothing left to do: each line of the
// list has one result and one record, and the directory has exactly their files.
func (s *site) complete(t *testing.T, about, dir string, a *attempt, status syscall.WaitStatus) {
	t.Helper()
	if status.Signaled() || status.ExitStatus() != 0 {
		t.Errorf("%s: ends with %v: %s", about, a.cmd.ProcessState, &a.stderr)
	}
	s.conserves(t, about, a)
	want := []string{"manifest.jsonl"}
	lines := journal(t, about, dir)
	if data, _ := os.ReadFile(filepath.Join(dir, "manifest.jsonl")); !bytes.HasSuffix(data, []byte("\n")) {
		t.Errorf("%s: the manifest's last line has no end", about)
	}
	seen := map[int]bool{}
	for _, r := range lines {
		if r.Class == "worker-lost" && !seen[r.Index] {
			continue // an earlier run lost it with its children
		}
		if seen[r.Index] || r.Status != "ok" {
			t.Errorf("%s: a line too many: %+v", about, r)
		}
		seen[r.Index] = true
		s.truthful(t, about, dir, r)
		want = append(want, r.File)
	}
	if len(seen) != len(s.uris) {
		t.Errorf("%s: %d images have a line, of %d", about, len(seen), len(s.uris))
	}
	entries, err := os.ReadDir(dir)
	var got []string
	for _, e := range entries {
		got = append(got, e.Name())
	}
	slices.Sort(want)
	if !slices.Equal(got, want) {
		t.Errorf("%s: the directory holds %q, want %q (%v)", about, got, want, err)
	}
}

// conserves checks that a run reported each line of the list exactly once.
func (s *site) conserves(t *testing.T, about string, a *attempt) {
	t.Helper()
	told := map[int]int{}
	summaries := 0
	for _, r := range parseRecords(t, about, a.stdout.Bytes()) {
		if r.Type == "summary" {
			summaries++
			continue
		}
		told[r.Index]++
		if r.Status == "failed" && r.Class != "worker-lost" {
			t.Errorf("%s: %+v", about, r)
		}
	}
	for i, n := range told {
		if n != 1 || i >= len(s.uris) {
			t.Errorf("%s: %d results for index %d", about, n, i)
		}
	}
	if len(told) != len(s.uris) || summaries != 1 {
		t.Errorf("%s: results for %d lines of %d, and %d summaries: %s", about, len(told), len(s.uris), summaries, &a.stderr)
	}
}

// resume runs grab again, undisturbed, to the end. It must not request an image that has
// a line, and must request every other image once.
func (s *site) resume(t *testing.T, about, dir string, done map[int]bool) {
	t.Helper()
	s.server.Reset()
	a := s.start(t, dir, "GRAB_HEADER=X-Run: resumed") // requests of the killed run may still arrive
	status := a.wait(t, about+", resumed")
	s.complete(t, about+", resumed", dir, a, status)
	asked := map[string]int{}
	for _, r := range s.server.Ledger().Requests {
		if r.Header["X-Run"] != "" {
			asked[r.URI]++
		}
	}
	want := map[string]int{}
	for i, uri := range s.uris {
		if !done[i] {
			want[uri] = 1
		}
	}
	if !maps.Equal(asked, want) {
		t.Errorf("%s, resumed: asked for %v, want %v", about, asked, want)
	}
}
