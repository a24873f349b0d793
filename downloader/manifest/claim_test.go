package manifest_test

import (
	"os"
	"path/filepath"
	"testing"

	"grab/downloader/manifest"
)

// What a killed run left before its first line is grab's own: the next one does
// not take it for a stranger's. A run that ended in order vouches for nothing
// that came later.
func TestImagesOfAKilledRun(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "out")
	running, err := manifest.Open(dir, false)
	if err != nil {
		t.Fatal(err)
	}
	put(t, filepath.Join(dir, "image_0.jpg"))
	killed := filepath.Join(t.TempDir(), "killed")
	if err := os.CopyFS(killed, os.DirFS(dir)); err != nil { // as a kill would leave it
		t.Fatal(err)
	}
	for name, want := range map[string]bool{killed: false, dir: true} {
		if name == dir {
			if err := running.Close(); err != nil {
				t.Fatal(err)
			}
		}
		j, err := manifest.Open(name, false)
		if err != nil {
			t.Fatal(err)
		}
		if got := foreign(name); got != want {
			t.Errorf("%s: foreign images: %v, want %v", name, got, want)
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
	running, err := manifest.Open(dir, false)
	if err != nil {
		t.Fatal(err)
	}
	defer running.Close()
	killed := filepath.Join(t.TempDir(), "killed")
	if err := os.CopyFS(killed, os.DirFS(dir)); err != nil {
		t.Fatal(err)
	}
	j, err := manifest.Open(killed, false)
	if err != nil {
		t.Fatal(err)
	}
	defer j.Close()
	if !foreign(killed) {
		t.Error("a stranger's image is taken for grab's")
	}
}

// foreign reports whether the run in dir found images that are not grab's: it does
// not claim the directory then.
func foreign(dir string) bool {
	_, err := os.Stat(filepath.Join(dir, ".grab", "own"))
	return err != nil
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
