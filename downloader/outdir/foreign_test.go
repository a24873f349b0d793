package outdir

import (
	"os"
	"testing"

	"grab/downloader/outdir/internal/foreign"
)

// What is dropped may be no foreign file.
func TestDropOfNothing(t *testing.T) {
	root, err := os.OpenRoot(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = root.Close() }()
	if err := root.WriteFile("image_1.jpg", nil, 0o666); err != nil {
		t.Fatal(err)
	}
	d := &Dir{}
	if d.foreign, err = foreign.ReadPlaces(root); err != nil {
		t.Fatal(err)
	}
	for _, missing := range []string{"image_2.jpg", "image_20.jpg", "image_1.gif", "notes.txt"} {
		d.drop(missing)
	}
	if !d.foreign.Has(1, ".jpg") {
		t.Error("another file was dropped")
	}
	if d.drop("image_1.jpg"); d.foreign.Has(1, ".jpg") {
		t.Error("the file is still there")
	}
}
