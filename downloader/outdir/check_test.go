package outdir_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"grab/downloader"
	"grab/downloader/outdir"
)

// TestCheck compares a record with what became of its file.
func TestCheck(t *testing.T) {
	const url = "GIF89a as long as it was"
	for what, c := range map[string]struct {
		change      func(name string) error
		quick, hash downloader.FileState
	}{
		"as it was":     {func(string) error { return nil }, downloader.FileIntact, downloader.FileIntact},
		"removed":       {os.Remove, downloader.FileMissing, downloader.FileMissing},
		"cut":           {func(name string) error { return os.Truncate(name, 3) }, downloader.FileDamaged, downloader.FileDamaged},
		"another image": {func(name string) error { return os.WriteFile(name, gif(), 0o666) }, downloader.FileChanged, downloader.FileChanged},
		"other bytes of the same length": {func(name string) error { return os.WriteFile(name, make([]byte, len(url)), 0o666) },
			downloader.FileIntact, downloader.FileDamaged},
		"a folder": {func(name string) error { return errors.Join(os.Remove(name), os.Mkdir(name, 0o777)) }, downloader.FileMissing, downloader.FileMissing},
	} {
		dir := filepath.Join(t.TempDir(), "out")
		finish(t, dir, url)
		if err := c.change(filepath.Join(dir, "image_0.gif")); err != nil {
			t.Fatal(err)
		}
		d := open(t, dir)
		e, known := d.Claim(downloader.Item{URL: url})
		if !known {
			t.Fatalf("%s: no record", what)
		}
		if got := d.Check(t.Context(), e, false); got != c.quick {
			t.Errorf("%s: state %d, want %d", what, got, c.quick)
		}
		if got := d.Check(t.Context(), e, true); got != c.hash {
			t.Errorf("%s: state %d with its hash, want %d", what, got, c.hash)
		}
		ended, cancel := context.WithCancel(t.Context())
		cancel()
		if got := d.Check(ended, e, true); got == downloader.FileIntact {
			t.Errorf("%s: it was not read, and is called intact", what)
		}
	}
}

// TestCheckMovedMeanwhile checks a record that was read before its file was moved.
func TestCheckMovedMeanwhile(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "out")
	finish(t, dir, "a", "b")
	d := open(t, dir)
	before, _ := d.Claim(downloader.Item{Index: 5, URL: "a"})
	moves := []downloader.Move{{Item: downloader.Item{Index: 5, URL: "a"}, Earlier: before}}
	if err := d.Arrange(t.Context(), moves); err != nil || moves[0].File != "image_5.gif" {
		t.Fatal(moves, err)
	}
	write(t, filepath.Join(dir, "image_0.gif"), "x") // has the old name, and the old size
	for _, hash := range []bool{false, true} {
		if got := d.Check(t.Context(), before, hash); got != downloader.FileIntact {
			t.Errorf("hash %v: the moved file has state %d", hash, got)
		}
	}
	if err := os.Remove(filepath.Join(dir, "image_5.gif")); err != nil {
		t.Fatal(err)
	}
	if got := d.Check(t.Context(), before, false); got != downloader.FileMissing {
		t.Errorf("the file of the old name is taken for it: state %d", got)
	}
}

// TestReleaseRemovesFormerFile has images that were put under another name.
func TestReleaseRemovesFormerFile(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "out")
	finish(t, dir, "a", "b")
	d := open(t, dir)
	e, _ := d.Claim(downloader.Item{URL: "a"})
	if err := d.Release(t.Context(), e, "image_0.gif"); err != nil {
		t.Error(err)
	}
	holds(t, dir, "image_0.gif=a")
	if err := d.Release(t.Context(), e, "image_0.png"); err != nil {
		t.Error(err)
	}
	if _, err := os.Stat(filepath.Join(dir, "image_0.gif")); err == nil {
		t.Error("the former file is left")
	}
	holds(t, dir, "image_1.gif=b")
}

// TestOpenFails opens directories that cannot be used, and leaves no lock.
func TestOpenFails(t *testing.T) {
	above := t.TempDir()
	write(t, filepath.Join(above, "file"), "")
	if d, err := outdir.Open(filepath.Join(above, "file"), outdir.Options{}); err == nil {
		_ = d.Close()
		t.Error("a file was opened")
	}
	if _, err := outdir.Lock(filepath.Join(above, "missing")); err == nil {
		t.Error("a missing directory was locked")
	}
	dir := filepath.Join(above, "out")
	if err := os.MkdirAll(filepath.Join(dir, "manifest.jsonl"), 0o777); err != nil {
		t.Fatal(err)
	}
	if d, err := outdir.Open(dir, outdir.Options{}); err == nil {
		_ = d.Close()
		t.Error("opened with a folder for a manifest")
	}
	release, err := outdir.Lock(dir)
	if err != nil {
		t.Fatalf("the directory is still locked: %v", err)
	}
	if _, err := outdir.Lock(dir); err == nil {
		t.Error("locked twice")
	}
	if err := release(); err != nil {
		t.Error(err)
	}
	for pid, want := range map[string]string{"": "d is in use by another grab", "7": "d is in use by another grab (process 7)"} {
		if got := (&outdir.LockedError{Dir: "d", PID: pid}).Error(); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

// TestHasEarlier says whether there is anything of an earlier run.
func TestHasEarlier(t *testing.T) {
	empty, foreign, used := t.TempDir(), t.TempDir(), filepath.Join(t.TempDir(), "out")
	write(t, filepath.Join(foreign, "image_0.gif"), "x")
	finish(t, used, "a")
	for _, c := range []struct {
		dir   string
		adopt bool
		want  bool
	}{{empty, false, false}, {empty, true, false}, {foreign, false, false}, {foreign, true, true}, {used, false, true}, {used, true, true}} {
		d, err := outdir.Open(c.dir, outdir.Options{Adopt: c.adopt})
		if err != nil {
			t.Fatal(err)
		}
		if got := d.HasEarlier(); got != c.want {
			t.Errorf("%s, adopt %v: %v, want %v", c.dir, c.adopt, got, c.want)
		}
		if err := d.Close(); err != nil {
			t.Error(err)
		}
	}
}

// gif is the smallest whole GIF.
func gif() []byte {
	return []byte("GIF89a\x01\x00\x01\x00\x80\x00\x00\x00\x00\x00\xff\xff\xff,\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02D\x01\x00;")
}
