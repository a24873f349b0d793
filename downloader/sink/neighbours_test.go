package sink

import (
	"context"
	"crypto/sha256"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"grab/downloader"
)

// neighbours opens a directory that holds a file, a folder with a file in it, and links to
// what is above it.
func neighbours(t *testing.T, durable bool) (f *Files, dir string) {
	t.Helper()
	above := t.TempDir()
	dir = filepath.Join(above, "new", "out")
	f, err := NewFiles(dir, durable)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = f.Close() })
	for _, err := range []error{
		os.Mkdir(filepath.Join(above, "victims"), 0o777),
		os.WriteFile(filepath.Join(above, "victims", "file"), []byte("precious"), 0o666),
		os.WriteFile(filepath.Join(dir, "file"), []byte("content"), 0o666),
		os.Mkdir(filepath.Join(dir, "folder"), 0o777),
		os.WriteFile(filepath.Join(dir, "folder", "file"), []byte("inner"), 0o666),
		os.Symlink("file", filepath.Join(dir, "link")),
		os.Symlink("nowhere", filepath.Join(dir, "dangling")),
		os.Symlink("folder", filepath.Join(dir, "inside")),
		os.Symlink("../../victims", filepath.Join(dir, "outside")),
	} {
		if err != nil {
			t.Skip(err) // a system without links
		}
	}
	return f, dir
}

// TestLooksAtNames compares what each question says of each kind of name.
func TestLooksAtNames(t *testing.T) {
	f, _ := neighbours(t, false)
	for _, want := range []struct {
		name                           string
		size                           int64 // -1: no regular file
		exists, link, folder, readable bool
	}{
		{"file", 7, true, false, false, true},
		{"folder", -1, true, false, true, false},
		{"folder/file", 5, true, false, false, true},
		{"link", -1, true, true, false, false},
		{"dangling", -1, true, true, false, false},
		{"missing", -1, false, false, false, false},
		{"missing/file", -1, false, false, false, false},
		{"inside/file", -1, true, false, false, false}, // a folder that is a link may lead out
		{"outside/file", -1, false, false, false, false},
	} {
		size, ok := f.Size(want.name)
		if ok != (want.size >= 0) || ok && size != want.size {
			t.Errorf("%s: size %d, %v; want %d", want.name, size, ok, want.size)
		}
		if e, l, d := f.Exists(want.name), f.IsLink(want.name), f.IsFolder(want.name); e != want.exists || l != want.link || d != want.folder {
			t.Errorf("%s: exists %v, link %v, folder %v", want.name, e, l, d)
		}
		file, err := f.Open(want.name)
		if err == nil {
			_ = file.Close()
		}
		if (err == nil) != want.readable {
			t.Errorf("%s: opened with error %v", want.name, err)
		}
		_, err = f.Stat(want.name)
		if nested := want.name == "inside/file"; (err == nil) != (want.exists && !nested) {
			t.Errorf("%s: Stat says %v", want.name, err)
		}
	}
	if info, err := f.Stat("link"); err != nil || info.Mode()&fs.ModeSymlink == 0 {
		t.Errorf("Stat of a link is of its file: %v, %v", info, err)
	}
}

func TestHash(t *testing.T) {
	f, _ := neighbours(t, false)
	if sum, err := f.Hash(t.Context(), "file"); sum != sha256.Sum256([]byte("content")) || err != nil {
		t.Errorf("%x, %v", sum, err)
	}
	for _, name := range []string{"missing", "link", "inside/file"} {
		if _, err := f.Hash(t.Context(), name); err == nil {
			t.Errorf("%s has a hash", name)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := f.Hash(ctx, "file"); !errors.Is(err, context.Canceled) {
		t.Errorf("after an interrupt: %v", err)
	}
}

// TestNothingLeavesTheDirectory renames and removes through folders that are links.
func TestNothingLeavesTheDirectory(t *testing.T) {
	f, dir := neighbours(t, false)
	for _, err := range []error{
		f.Rename("file", "inside/new"), f.Rename("inside/file", "new"), f.Rename("missing", "new"),
		f.Rename("file", "missing/new"), f.Remove("inside/file"), f.Remove("outside/file"), f.Remove("folder"),
		f.MakeFolder("file"), f.MakeFolder("inside"), f.MakeFolder("dangling"), f.MakeFolder("missing/folder"),
	} {
		if err == nil {
			t.Error("an error is missing")
		}
	}
	for _, err := range []error{
		f.Remove("missing"), f.Remove("missing/file"), f.MakeFolder("folder"), f.MakeFolder("made"), f.Rename("file", "made/file"),
		f.Rename("made/file", "folder/file"), f.Remove("made"), f.Remove("link"),
	} {
		if err != nil {
			t.Error(err)
		}
	}
	if data, err := os.ReadFile(filepath.Join(dir, "folder", "file")); string(data) != "content" {
		t.Errorf("the renamed file holds %q, %v", data, err)
	}
	if data, err := os.ReadFile(filepath.Join(dir, "..", "..", "victims", "file")); string(data) != "precious" {
		t.Errorf("the file outside holds %q, %v", data, err)
	}
	left, err := fs.Glob(f.Root().FS(), "*")
	if want := []string{"dangling", "folder", "inside", "outside"}; !slices.Equal(left, want) || err != nil {
		t.Errorf("%v is left, want %v (%v)", left, want, err)
	}
}

// TestPutNew gives a file a free name, and replaces nothing.
func TestPutNew(t *testing.T) {
	f, dir := neighbours(t, true)
	stage := func(content string) downloader.Staged {
		if err := os.WriteFile(filepath.Join(dir, "staged"), []byte(content), 0o666); err != nil {
			t.Fatal(err)
		}
		return downloader.Staged{Item: downloader.Item{Index: 3}, Path: "staged", Ext: ".png"}
	}
	if name, err := f.PutNew(stage("first")); name != "image_3.png" || err != nil {
		t.Errorf("put at %q, %v", name, err)
	}
	if f.Exists("staged") {
		t.Error("the staged file is left")
	}
	if name, err := f.PutNew(stage("second")); name != "" || !errors.Is(err, fs.ErrExist) {
		t.Errorf("put at %q, %v; want that it exists", name, err)
	}
	if data, err := os.ReadFile(filepath.Join(dir, "image_3.png")); string(data) != "first" {
		t.Errorf("the first image holds %q, %v", data, err)
	}
	if !f.Exists("staged") {
		t.Error("the staged file is gone, although it was not put")
	}
	if placed, err := f.Put(t.Context(), stage("third")); placed.File != "image_3.png" || err != nil {
		t.Errorf("put at %q, %v", placed.File, err)
	}
}

// TestNewFilesFails opens directories that cannot be.
func TestNewFilesFails(t *testing.T) {
	_, dir := neighbours(t, false)
	for _, name := range []string{"file", "file/below", "dangling"} {
		if f, err := NewFiles(filepath.Join(dir, name), false); err == nil {
			_ = f.Close()
			t.Errorf("%s was opened", name)
		}
	}
	f, err := NewFiles(filepath.Join(dir, "folder"), true)
	if err != nil {
		t.Fatal(err)
	}
	if err := f.Sync(); err != nil {
		t.Error(err)
	}
	if err := f.Close(); err != nil {
		t.Error(err)
	}
	if err := f.Sync(); err == nil {
		t.Error("a closed directory was synced")
	}
	if f, err = NewFiles(filepath.Join(dir, "folder"), false); err != nil {
		t.Fatal(err)
	}
	_ = f.Close()
	if err := f.Sync(); err != nil {
		t.Errorf("Sync does something without -durable: %v", err)
	}
}
