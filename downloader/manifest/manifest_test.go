package manifest

import (
	"bytes"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"go.uber.org/goleak"

	"grab/downloader"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func open(t testing.TB, dir string) *Journal {
	t.Helper()
	j, err := Open(dir, false)
	if err != nil {
		t.Fatal(err)
	}
	return j
}

func read(t testing.TB, dir string) string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(dir, Name))
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func result(index int, status downloader.Status) downloader.Result {
	return downloader.Result{Item: downloader.Item{Index: index, URL: "http://a.test/?a=1&b=2"}, Status: status, AlreadyRecorded: status == downloader.StatusSkipped}
}

// indices returns the index of each line, all of which must be whole.
func indices(t testing.TB, text string) []int {
	t.Helper()
	var all []int
	for line := range strings.Lines(text) {
		var r downloader.Result
		if err := json.Unmarshal([]byte(line), &r); err != nil || !strings.HasSuffix(line, "\n") {
			t.Fatalf("line %q: %v", line, err)
		}
		all = append(all, r.Index)
	}
	return all
}

func TestAppend(t *testing.T) {
	dir := t.TempDir()
	for run := range 3 {
		j := open(t, dir)
		j.Observe(result(run*10, downloader.StatusOK))
		if err := j.Flush(); err != nil {
			t.Fatal(err)
		}
		if got := indices(t, read(t, dir)); len(got) != 2*run+1 {
			t.Errorf("run %d: %v after a flush", run, got)
		}
		j.Observe(result(run*10+1, downloader.StatusFailed))
		if err := j.Close(); err != nil {
			t.Fatal(err)
		}
	}
	want := []int{0, 1, 10, 11, 20, 21}
	if got := indices(t, read(t, dir)); len(got) != len(want) || got[5] != 21 {
		t.Errorf("%v, want %v", got, want)
	}
	if text := read(t, dir); !strings.Contains(text, "?a=1&b=2") {
		t.Errorf("URLs are escaped: %s", text)
	}
}

// TestNotFinished writes no line for what is not finished, or has its line.
func TestNotFinished(t *testing.T) {
	dir := t.TempDir()
	j := open(t, dir)
	for i, status := range []downloader.Status{downloader.StatusCanceled, downloader.StatusOK, downloader.StatusSkipped, downloader.StatusFailed} {
		j.Observe(result(i, status))
	}
	if err := j.Close(); err != nil {
		t.Fatal(err)
	}
	if got := indices(t, read(t, dir)); len(got) != 2 || got[0] != 1 || got[1] != 3 {
		t.Errorf("%v", got)
	}
}

// TestManyLines is more than a buffer, with no Flush in between.
func TestManyLines(t *testing.T) {
	dir := t.TempDir()
	j := open(t, dir)
	const n = 5000
	for i := range n {
		j.Observe(result(i, downloader.StatusOK))
	}
	if len(read(t, dir)) == 0 {
		t.Error("all of it is kept in memory")
	}
	if err := j.Close(); err != nil {
		t.Fatal(err)
	}
	for i, index := range indices(t, read(t, dir)) {
		if index != i || index >= n {
			t.Fatalf("line %d has index %d", i, index)
		}
	}
}

var tornTails = []struct{ name, before, after string }{
	{"empty", "", ""},
	{"whole", "{}\n", "{}\n"},
	{"torn", "{}\n{\"index\":1", "{}\n"},
	{"torn only", "{\"index\":0", ""},
	{"torn twice", "{}\n{}\n{", "{}\n{}\n"},
	{"zeros", "{}\n\x00\x00\x00\x00", "{}\n"},
	{"one byte", "x", ""},
	{"newline only", "\n", "\n"},
	{"a block", strings.Repeat("x", bufferLimit), ""},
	{"more than a block", strings.Repeat("x", bufferLimit+1), ""},
	{"newline at the end of a block", "{}\n" + strings.Repeat("x", bufferLimit), "{}\n"},
	{"newline before a block", "{}\n" + strings.Repeat("x", bufferLimit-1), "{}\n"},
	{"newline far before", "{}\n" + strings.Repeat("x", 3*bufferLimit+7), "{}\n"},
	{"long whole lines", strings.Repeat("x", bufferLimit) + "\n" + strings.Repeat("y", bufferLimit) + "\n", strings.Repeat("x", bufferLimit) + "\n" + strings.Repeat("y", bufferLimit) + "\n"},
}

func TestTornTail(t *testing.T) {
	for _, tt := range tornTails {
		t.Run(tt.name, func(t *testing.T) {
			dir := t.TempDir()
			if err := os.WriteFile(filepath.Join(dir, Name), []byte(tt.before), 0o666); err != nil {
				t.Fatal(err)
			}
			j := open(t, dir)
			if got := read(t, dir); got != tt.after {
				t.Errorf("%d bytes are left, want %d", len(got), len(tt.after))
			}
			j.Observe(result(7, downloader.StatusOK))
			if err := j.Close(); err != nil {
				t.Fatal(err)
			}
			if got, ok := strings.CutPrefix(read(t, dir), tt.after); !ok || len(indices(t, got)) != 1 {
				t.Errorf("%q was appended", got)
			}
		})
	}
}

// TestErrorSticks keeps saying what went wrong first, and writes no more: a line
// after a torn one would be lost with it.
func TestErrorSticks(t *testing.T) {
	dir := t.TempDir()
	j := open(t, dir)
	j.Observe(result(0, downloader.StatusOK))
	if err := j.Flush(); err != nil {
		t.Fatal(err)
	}
	file := j.file
	readOnly, err := os.Open(filepath.Join(dir, Name))
	if err != nil {
		t.Fatal(err)
	}
	j.file = readOnly // as a disk that went bad
	j.Observe(result(1, downloader.StatusOK))
	first := j.Flush()
	if _, ok := errors.AsType[*fs.PathError](first); !ok {
		t.Fatalf("%v", first)
	}
	readOnly.Close()
	j.file = file // and recovered
	for range 2000 {
		j.Observe(result(2, downloader.StatusOK))
	}
	if err := j.Flush(); err != first {
		t.Errorf("later: %v", err)
	}
	if err := j.Close(); !errors.Is(err, first) {
		t.Errorf("at the end: %v", err)
	}
	if got := indices(t, read(t, dir)); len(got) != 1 {
		t.Errorf("%v", got)
	}
}

func TestOpenFails(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "file"), nil, 0o666); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(filepath.Join(dir, "file"), false); err == nil {
		t.Error("a file was opened as a directory")
	}
	if err := os.Mkdir(filepath.Join(dir, Name), 0o777); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(dir, false); err == nil {
		t.Error("a folder was opened")
	}
}

// A manifest that cannot be compacted is used as it is.
func TestNoRoomToCompact(t *testing.T) {
	dir := t.TempDir()
	j, err := Open(dir, false)
	if err != nil {
		t.Fatal(err)
	}
	for range 200 {
		j.Observe(downloader.Result{Item: downloader.Item{URL: "http://a/"}, Status: downloader.StatusFailed, Class: downloader.ClassDNS})
	}
	if err := j.Close(); err != nil {
		t.Fatal(err)
	}
	long, err := os.ReadFile(filepath.Join(dir, Name))
	if err != nil {
		t.Fatal(err)
	}
	blocked := filepath.Join(dir, downloader.StateDir, "manifest.new")
	if err := os.MkdirAll(blocked, 0o777); err != nil {
		t.Fatal(err)
	}
	for _, want := range []int{200, 1} {
		if j, err = Open(dir, true); err != nil {
			t.Fatal(err)
		}
		if err := j.Close(); err != nil || j.Len() != 1 {
			t.Errorf("%d records, %v", j.Len(), err)
		}
		data, err := os.ReadFile(filepath.Join(dir, Name))
		if got := bytes.Count(data, []byte("\n")); got != want || !bytes.HasSuffix(long, data) {
			t.Errorf("%d lines, want %d (%v)", got, want, err)
		}
		_ = os.Remove(blocked)
	}
}
