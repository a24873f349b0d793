package outdir_test

import (
	"path/filepath"
	"testing"

	"grab/downloader"
)

// TestCountsEarlier counts the images that go to the folder earlier, and those that leave it.
func TestCountsEarlier(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "out")
	finish(t, dir, "a", "b", "c")
	count := func(d interface{ Earlier() int }, when string, want int) {
		t.Helper()
		if n := d.Earlier(); n != want {
			t.Errorf("%s: %d images in the folder earlier, want %d", when, n, want)
		}
	}
	d := open(t, dir)
	count(d, "at first", 0)
	for i, url := range []string{"x", "y"} {
		item := downloader.Item{Index: i, Line: i + 1, URL: url}
		placed, err := d.Put(t.Context(), staged(t, dir, item))
		if err != nil {
			t.Fatal(err)
		}
		d.Observe(downloader.Result{Item: item, Status: downloader.StatusOK, File: placed.File, Bytes: 1, SHA256: "2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881"})
		count(d, "after "+url, i+1)
	}
	holds(t, dir, "earlier/image_0.gif=a", "earlier/image_1.gif=b", "image_0.gif=x", "image_1.gif=y")
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}
	d = open(t, dir)
	count(d, "in the next run", 2)
	if _, err := arrange(d, "a", "y", "c"); err != nil {
		t.Fatal(err)
	}
	count(d, "after a has come back, and x has gone", 2)
	holds(t, dir, "image_0.gif=a", "earlier/image_0-2.gif=x", "earlier/image_1.gif=b")
	e, known := d.Claim(downloader.Item{Index: 9, URL: "b"})
	if !known {
		t.Fatal("no record of b")
	}
	if err := d.Release(t.Context(), e, "image_9.gif"); err != nil {
		t.Fatal(err)
	}
	count(d, "after b is removed", 1)
}
