package outdir

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"
)

// TestNames reads the names of a folder that holds more than one read returns.
func TestNames(t *testing.T) {
	dir := t.TempDir()
	var want []string
	for _, name := range []string{"image_3.jpg", "image_1.jpg", "image_20.jpg", "image_3.png", "image_3-2.png", "notes.txt", "image_x.jpg"} {
		if err := os.WriteFile(filepath.Join(dir, name), nil, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = root.Close() }()
	here, err := readNames(root)
	if err != nil {
		t.Fatal(err)
	}
	n := here.without(func(index int, ext string) bool { return index == 20 && ext == ".jpg" })
	expect := func(names ...string) {
		t.Helper()
		want = slices.Sorted(slices.Values(names))
		if got := slices.Sorted(n.all()); !slices.Equal(got, want) {
			t.Errorf("the names are %v, want %v", got, want)
		}
	}
	expect("image_1.jpg", "image_3.jpg", "image_3.png")
	if !n.has(1, ".jpg") || !n.has(3, ".jpg") || n.has(20, ".jpg") || n.has(2, ".jpg") || n.has(1, ".png") || n.has(1, ".gif") {
		t.Error("has is wrong")
	}
	if got := n.extensions(3); !slices.Equal(got, []string{".jpg", ".png"}) {
		t.Errorf("3 has the extensions %v", got)
	}
	d := &Dir{foreign: n}
	for _, missing := range []string{"image_2.jpg", "image_20.jpg", "image_1.gif", "notes.txt"} {
		d.drop(missing)
	}
	expect("image_1.jpg", "image_3.jpg", "image_3.png")
	n.drop(1, ".jpg")
	expect("image_3.jpg", "image_3.png")
	if n.has(1, ".jpg") || !n.has(3, ".jpg") || len(n.extensions(1)) != 0 {
		t.Error("the wrong name was dropped")
	}
	n.drop(3, ".jpg")
	expect("image_3.png")
	for range n.all() {
		break // must not go on
	}
	if owned := here.without(func(int, string) bool { return true }); len(owned) != 0 {
		t.Errorf("all is owned, but %v is left", owned)
	}
}

// TestManyNames has more names than one read returns, in whatever order the system lists
// them.
func TestManyNames(t *testing.T) {
	dir := t.TempDir()
	const count = 1500
	for i := range count {
		if err := os.WriteFile(filepath.Join(dir, fmt.Sprintf("image_%d.gif", (i+1)*7919%1501)), nil, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = root.Close() }()
	here, err := readNames(root)
	if err != nil {
		t.Fatal(err)
	}
	n := here.without(func(index int, _ string) bool { return index%2 == 0 })
	for index := range count + 1 {
		if want := index%2 == 1; n.has(index, ".gif") != want {
			t.Errorf("%d is foreign: %v, want %v", index, !want, want)
		}
	}
}
