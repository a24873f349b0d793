package folder_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	. "grab/downloader/internal/folder"
)

func opened(t *testing.T) (f *Folder, dir string) {
	t.Helper()
	dir = t.TempDir()
	f, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = f.Close() })
	return f, dir
}

// TestFile writes, reads, appends and empties a file.
func TestFile(t *testing.T) {
	f, dir := opened(t)
	file, err := f.OpenFile("file", os.O_CREATE|os.O_EXCL)
	if err != nil {
		t.Fatal(err)
	}
	for _, chunk := range []string{"first ", "", "second"} {
		if n, err := file.Write([]byte(chunk)); n != len(chunk) || err != nil {
			t.Errorf("wrote %d bytes of %q, %v", n, chunk, err)
		}
	}
	for _, c := range []struct {
		at   int64
		size int
		want string
		err  error
	}{{0, 12, "first second", nil}, {6, 3, "sec", nil}, {6, 10, "second", io.EOF}, {12, 1, "", io.EOF}, {12, 0, "", nil}, {99, 1, "", io.EOF}} {
		p := make([]byte, c.size)
		if n, err := file.ReadAt(p, c.at); string(p[:n]) != c.want || err != c.err {
			t.Errorf("%d bytes at %d: %q, %v; want %q, %v", c.size, c.at, p[:n], err, c.want, c.err)
		}
	}
	if err := errors.Join(file.Sync(), f.Sync(), file.Close()); err != nil {
		t.Error(err)
	}
	_, writeErr := file.Write([]byte("x"))
	_, readErr := file.ReadAt(make([]byte, 1), 0)
	for _, err := range []error{writeErr, readErr, file.Sync(), file.Close()} {
		if err == nil {
			t.Error("a closed file can be used")
		}
	}
	if file, err = f.OpenFile("file", os.O_APPEND); err != nil {
		t.Fatal(err)
	}
	_, _ = file.Write([]byte(" third"))
	_ = file.Close()
	if data, err := os.ReadFile(filepath.Join(dir, "file")); string(data) != "first second third" {
		t.Errorf("the file holds %q, %v", data, err)
	}
	if file, err = f.OpenFile("file", os.O_TRUNC); err != nil {
		t.Fatal(err)
	}
	_ = file.Close()
	if size, ok := f.RegularSize("file"); size != 0 || !ok {
		t.Errorf("size %d, %v after it was emptied", size, ok)
	}
	if _, err := f.OpenFile("file", os.O_CREATE|os.O_EXCL); !errors.Is(err, fs.ErrExist) {
		t.Errorf("made again: %v", err)
	}
	if _, err := f.OpenFile("missing", 0); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a missing file: %v", err)
	}
}

// TestNames renames and measures what a name can stand for.
func TestNames(t *testing.T) {
	f, dir := opened(t)
	for _, err := range []error{
		os.WriteFile(filepath.Join(dir, "old"), []byte("old"), 0o666),
		os.WriteFile(filepath.Join(dir, "new"), []byte("newer"), 0o666),
		os.Mkdir(filepath.Join(dir, "folder"), 0o777),
		os.Symlink("old", filepath.Join(dir, "link")),
	} {
		if err != nil {
			t.Skip(err)
		}
	}
	if _, err := f.OpenFile("link", 0); err == nil {
		t.Error("a link was followed")
	}
	for name, want := range map[string]int64{"old": 3, "new": 5, "folder": -1, "link": -1, "missing": -1} {
		if size, ok := f.RegularSize(name); ok != (want >= 0) || ok && size != want {
			t.Errorf("%s: size %d, %v; want %d", name, size, ok, want)
		}
	}
	if err := f.Rename("new", "old"); err != nil {
		t.Error(err)
	}
	if size, ok := f.RegularSize("old"); size != 5 || !ok {
		t.Errorf("the renamed file has size %d, %v", size, ok)
	}
	if err := f.Rename("missing", "old"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a missing file was renamed: %v", err)
	}
	if _, err := Open(filepath.Join(dir, "missing")); err == nil {
		t.Error("a missing folder was opened")
	}
}

// TestSync flushes files and folders, in the way that each system allows.
func TestSync(t *testing.T) {
	f, dir := opened(t)
	if err := os.WriteFile(filepath.Join(dir, "file"), []byte("content"), 0o666); err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(SyncFile(f.Root, "file"), SyncNames(f.Root), f.Sync()); err != nil {
		t.Error(err)
	}
	if data, err := os.ReadFile(filepath.Join(dir, "file")); string(data) != "content" {
		t.Errorf("the file holds %q, %v", data, err)
	}
	if err := SyncFile(f.Root, "missing"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a missing file: %v", err)
	}
	_ = f.Close()
	if f.Sync() == nil || SyncNames(f.Root) == nil {
		t.Error("a closed folder was synced")
	}
}

func TestReader(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	r := Reader(ctx, bytes.NewBufferString("content"))
	if n, err := r.Read(make([]byte, 3)); n != 3 || err != nil {
		t.Errorf("read %d bytes, %v", n, err)
	}
	cancel()
	if n, err := r.Read(make([]byte, 3)); n != 0 || !errors.Is(err, context.Canceled) {
		t.Errorf("read %d bytes after the end, %v", n, err)
	}
	if _, err := Reader(t.Context(), strings.NewReader("")).Read(make([]byte, 1)); err != io.EOF {
		t.Errorf("an empty reader: %v", err)
	}
}
