package outdir_test

import (
	"os"
	"path/filepath"
	"testing"

	"grab/downloader"
	"grab/downloader/outdir"
)

// TestWideClaim has an image without a record, and the claim of a killed run on all images,
// whatever their names. One that came from elsewhere, as with an archive, is none: the image
// stays.
func TestWideClaim(t *testing.T) {
	running, planted := filepath.Join(t.TempDir(), "out"), filepath.Join(t.TempDir(), "out")
	name := func(d *outdir.Dir, dir, name string) {
		t.Helper()
		if _, err := d.Put(t.Context(), staged(t, dir, downloader.Item{URL: "new", Name: name})); err != nil {
			t.Error(err)
		}
	}
	d := open(t, running)
	name(d, running, "cats/1")
	claim := filepath.Join(downloader.StateDir, "own")
	text, err := os.ReadFile(filepath.Join(running, claim))
	if err != nil {
		t.Fatal(err)
	}
	put(t, filepath.Join(planted, "cats/1.gif"))
	put(t, filepath.Join(planted, claim))
	write(t, filepath.Join(planted, claim), string(text))
	next := open(t, planted)
	name(next, planted, "dogs/1")
	if err := next.Close(); err != nil {
		t.Error(err)
	}
	holds(t, planted, "cats/1.gif=picture", "dogs/1.gif=new")
}
