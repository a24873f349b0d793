package outdir_test

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"

	"grab/downloader"
	"grab/downloader/outdir"
)

// putTwin puts an image with the bytes of text, and has the directory observe it.
func putTwin(t *testing.T, d *outdir.Dir, dir string, index int, text string) downloader.Placed {
	t.Helper()
	item := downloader.Item{Index: index, URL: text}
	s := staged(t, dir, item)
	sum := sha256.Sum256([]byte(text))
	s.Bytes, s.SHA256 = int64(len(text)), hex.EncodeToString(sum[:])
	placed, err := d.Put(t.Context(), s)
	if err != nil {
		t.Fatal(err)
	}
	d.Observe(downloader.Result{
		Item: item, Status: downloader.StatusOK, File: placed.File, SameAs: placed.SameAs, Bytes: s.Bytes, SHA256: s.SHA256,
	})
	if _, err := os.Lstat(filepath.Join(dir, s.Path)); err == nil {
		t.Errorf("the staged file of %d is left", index)
	}
	return placed
}

func openDedupe(t *testing.T, dir string) *outdir.Dir {
	t.Helper()
	d, err := outdir.Open(dir, outdir.Options{Dedupe: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = d.Close() })
	return d
}

// An image that cannot share the bytes of a file has its own. The next one shares those: a
// file can have so many names only.
func TestNoLinkPossible(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "out")
	d := openDedupe(t, dir)
	putTwin(t, d, dir, 0, "a")
	obstacle := filepath.Join(dir, downloader.StateDir, "same-staged")
	write(t, obstacle, "in the way of a link")
	if placed := putTwin(t, d, dir, 1, "a"); placed.SameAs != "" {
		t.Errorf("shares %q", placed.SameAs)
	}
	if n, err := d.Unshared(); n != 1 || err == nil {
		t.Errorf("%d images, %v", n, err)
	}
	if err := os.Remove(obstacle); err != nil {
		t.Fatal(err)
	}
	if placed := putTwin(t, d, dir, 2, "a"); placed.SameAs != "image_1.gif" {
		t.Errorf("shares %q", placed.SameAs)
	}
	holds(t, dir, "image_0.gif=a", "image_1.gif=a", "image_2.gif=a")
}

// What the manifest says of a file is not believed: it may be a link, or have other bytes.
func TestNotTheSameAfterAll(t *testing.T) {
	for what, plant := range map[string]func(dir, name string) error{
		"other bytes": func(_, name string) error { return os.WriteFile(name, []byte("b"), 0o666) },
		"a link": func(dir, name string) error {
			other := filepath.Join(filepath.Dir(dir), "outside")
			if err := os.WriteFile(other, []byte("a"), 0o666); err != nil {
				return err
			}
			return os.Symlink(other, name)
		},
		"a folder": func(_, name string) error { return os.Mkdir(name, 0o777) },
		"nothing":  func(_, name string) error { return nil },
	} {
		dir := filepath.Join(t.TempDir(), "out")
		d := openDedupe(t, dir)
		putTwin(t, d, dir, 0, "a")
		for range 2 { // within the run, and in the next one
			name := filepath.Join(dir, "image_0.gif")
			if err := os.Remove(name); err != nil {
				t.Fatal(err)
			}
			if err := plant(dir, name); err != nil {
				t.Skip(err)
			}
			if placed := putTwin(t, d, dir, 1, "a"); placed.SameAs != "" {
				t.Errorf("%s: shares %q", what, placed.SameAs)
			}
			info, err := os.Lstat(filepath.Join(dir, "image_1.gif"))
			if err != nil || !info.Mode().IsRegular() {
				t.Errorf("%s: %v, %v", what, info, err)
			}
			holds(t, dir, "image_1.gif=a")
			_ = os.Remove(name)
			write(t, name, "a")
			if err := d.Close(); err != nil {
				t.Fatal(err)
			}
			if err := os.Remove(filepath.Join(dir, "image_1.gif")); err != nil {
				t.Fatal(err)
			}
			d = openDedupe(t, dir)
		}
	}
}

// An image that comes again shares its bytes with no other file, but with itself.
func TestSameAgain(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "out")
	d := openDedupe(t, dir)
	for range 3 {
		if placed := putTwin(t, d, dir, 0, "a"); placed.SameAs != "" || placed.File != "image_0.gif" {
			t.Errorf("%+v", placed)
		}
		holds(t, dir, "image_0.gif=a")
	}
}

// A hash that is none, as a child could send it, finds nothing.
func TestOddHash(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "out")
	d := openDedupe(t, dir)
	for i, sum := range []string{"", "x", "zz", "é", "00"} {
		s := staged(t, dir, downloader.Item{Index: i, URL: "a"})
		s.Bytes, s.SHA256 = 1, sum
		if placed, err := d.Put(t.Context(), s); err != nil || placed.SameAs != "" {
			t.Errorf("%q: %+v, %v", sum, placed, err)
		}
	}
}

// Of equal images that come at once, one is stored.
func TestTwinsAtOnce(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "out")
	d := openDedupe(t, dir)
	const images, rounds = 8, 60
	for round := range rounds {
		text := fmt.Sprint("image ", round)
		sum := sha256.Sum256([]byte(text))
		var putting sync.WaitGroup
		var stored atomic.Int64
		begin := make(chan struct{})
		for i := range images {
			s := downloader.Staged{
				Item: downloader.Item{Index: round*images + i, URL: text}, Path: fmt.Sprintf("%s/%d.part", downloader.StateDir, i), Ext: ".gif",
				Bytes: int64(len(text)), SHA256: hex.EncodeToString(sum[:]),
			}
			write(t, filepath.Join(dir, s.Path), text)
			putting.Go(func() {
				<-begin
				placed, err := d.Put(t.Context(), s)
				if err != nil {
					t.Error(err)
				}
				if placed.SameAs == "" {
					stored.Add(1)
				}
			})
		}
		close(begin)
		putting.Wait()
		if n := stored.Load(); n != 1 {
			t.Fatalf("round %d: %d files have the same bytes", round, n)
		}
	}
}
