package outdir_test

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"grab/downloader"
	"grab/downloader/outdir"
)

// What a killed run left before its first line is grab's own: the next one does
// not take it for a stranger's. A run that ended in order vouches for nothing
// that came later.
func TestImagesOfAKilledRun(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "out")
	running, err := outdir.Open(dir, outdir.Options{})
	if err != nil {
		t.Fatal(err)
	}
	put(t, filepath.Join(dir, "image_7.png"))
	killed := filepath.Join(t.TempDir(), "killed")
	if err := os.CopyFS(killed, os.DirFS(dir)); err != nil { // as a kill would leave it
		t.Fatal(err)
	}
	for name, want := range map[string]bool{killed: true, dir: false} {
		if name == dir {
			if err := running.Close(); err != nil {
				t.Fatal(err)
			}
		}
		j, err := outdir.Open(name, outdir.Options{})
		if err != nil {
			t.Fatal(err)
		}
		if got := replaces(t, j, name); got != want {
			t.Errorf("%s: the image counts as grab's: %v, want %v", name, got, want)
		}
		if err := j.Close(); err != nil {
			t.Error(err)
		}
		if _, err := os.Stat(filepath.Join(name, ".grab")); err == nil {
			t.Errorf("%s: the state folder is left", name)
		}
	}
}

// Images that were there before the run that was killed stay strangers.
func TestStrangersBesideAKilledRun(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "out")
	put(t, filepath.Join(dir, "image_7.png"))
	running, err := outdir.Open(dir, outdir.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer running.Close()
	killed := filepath.Join(t.TempDir(), "killed")
	if err := os.CopyFS(killed, os.DirFS(dir)); err != nil {
		t.Fatal(err)
	}
	j, err := outdir.Open(killed, outdir.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer j.Close()
	if replaces(t, j, killed) {
		t.Error("a stranger's image is taken for grab's")
	}
}

// replaces reports whether the run in dir takes image_7.png for grab's: a new image
// takes its place then.
func replaces(t *testing.T, j *outdir.Dir, dir string) bool {
	t.Helper()
	put(t, filepath.Join(dir, "new"))
	_, err := j.Put(t.Context(), downloader.Staged{Item: downloader.Item{Index: 7}, Path: "new", Ext: ".png"})
	if err != nil && !errors.Is(err, downloader.ClassExists) {
		t.Error(err)
	}
	return err == nil
}

// put makes a file with its folder.
func put(t *testing.T, name string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, []byte("picture"), 0o666); err != nil {
		t.Fatal(err)
	}
}

// TestImagesOfAPanic has a run that a panic has left with an image half way: the next
// run does not take it for a foreign file.
func TestImagesOfAPanic(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "out")
	panicked, err := outdir.Open(dir, outdir.Options{})
	if err != nil {
		t.Fatal(err)
	}
	put(t, filepath.Join(dir, "image_7.png"))
	panicked.Observe(downloader.Result{Status: downloader.StatusFailed, Class: downloader.ClassInternal})
	if err := panicked.Close(); err != nil {
		t.Fatal(err)
	}
	next, err := outdir.Open(dir, outdir.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer next.Close()
	if !replaces(t, next, dir) {
		t.Error("the image counts as a foreign file")
	}
}
