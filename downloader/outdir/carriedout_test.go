package outdir

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"grab/downloader"
	"grab/downloader/internal/folder"
	"grab/downloader/sink"
)

// TestMovesOfSharedFiles kills a run after each move of a circle in which two images share
// their bytes, as with -dedupe. A file's identity does not tell its two names apart, but the
// next run moves each image to its place, and none twice.
func TestMovesOfSharedFiles(t *testing.T) {
	const a, b, c, aside = "image_0.gif", "image_1.gif", "image_2.gif", "earlier/image_0.gif"
	circle := []struct{ from, to string }{{a, aside}, {c, a}, {b, c}, {aside, b}}
	for done := range len(circle) + 1 {
		dir := t.TempDir()
		m := newTestMover(t, dir)
		for name, text := range map[string]string{a: "shared", b: "own"} {
			if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o666); err != nil {
				t.Fatal(err)
			}
		}
		if err := os.Link(filepath.Join(dir, a), filepath.Join(dir, c)); err != nil {
			t.Fatal(err)
		}
		shared, _ := m.fileID(a)
		own, _ := m.fileID(b)
		var moves []move
		for _, step := range circle {
			one := move{From: step.from, To: step.to, File: shared}
			if step.from == b {
				one.File = own
			}
			moves = append(moves, one)
		}
		if err := m.writeLog(moves); err != nil {
			t.Fatal(err)
		}
		for _, one := range moves[:done] {
			if err := m.rename(one); err != nil {
				t.Fatal(err)
			}
		}
		if got := m.carriedOut(moves); got != done {
			t.Errorf("%d moves seem to be done, of %d", got, done)
		}
		if err := m.finish(); err != nil {
			t.Fatal(err)
		}
		holds := ""
		for _, name := range []string{a, b, c, aside} {
			text, _ := os.ReadFile(filepath.Join(dir, name))
			holds += fmt.Sprintf("%s=%s ", name, text)
		}
		if want := "image_0.gif=shared image_1.gif=shared image_2.gif=own earlier/image_0.gif= "; holds != want {
			t.Errorf("killed after %d moves: %s", done, holds)
		}
	}
}

// TestNothingToMove has no moves, which leaves no log behind.
func TestNothingToMove(t *testing.T) {
	dir := t.TempDir()
	m := newTestMover(t, dir)
	if err := m.do(nil, nil); err != nil {
		t.Error(err)
	}
	if files, err := os.ReadDir(filepath.Join(dir, downloader.StateDir)); len(files) > 0 || err != nil {
		t.Errorf("%v, %v", files, err)
	}
}

// TestLogCannotBeEmptied has a folder at the name of the log. The error names it.
func TestLogCannotBeEmptied(t *testing.T) {
	dir := t.TempDir()
	m := newTestMover(t, dir)
	if err := os.Mkdir(filepath.Join(dir, downloader.StateDir, logName), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := m.emptyLog(); err == nil || !strings.Contains(err.Error(), logName+" is a folder") {
		t.Error(err)
	}
}

func newTestMover(t *testing.T, dir string) *mover {
	t.Helper()
	files, err := sink.NewFiles(dir, false)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = files.Close() })
	if err := files.MakeFolder(downloader.StateDir); err != nil {
		t.Fatal(err)
	}
	state, err := folder.Open(filepath.Join(dir, downloader.StateDir))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = state.Close() })
	return &mover{files: files, state: state}
}
