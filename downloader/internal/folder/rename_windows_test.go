package folder_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
	"time"

	"golang.org/x/sys/windows"

	. "grab/downloader/internal/folder"
)

// Another program opens each of the two files for a moment, and lets nobody else near it.
func TestRenameOfOpenFiles(t *testing.T) {
	for _, opened := range []string{"old", "new"} {
		dir := t.TempDir()
		root, err := os.OpenRoot(dir)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = root.Close() })
		for _, name := range []string{"old", "new"} {
			if err := root.WriteFile(name, []byte(name), 0o666); err != nil {
				t.Fatal(err)
			}
		}
		path, err := windows.UTF16PtrFromString(filepath.Join(dir, opened))
		if err != nil {
			t.Fatal(err)
		}
		handle, err := windows.CreateFile(path, windows.GENERIC_READ, 0, nil, windows.OPEN_EXISTING, 0, 0)
		if err != nil {
			t.Fatal(err)
		}
		if err := root.Rename("new", "old"); err == nil {
			t.Fatalf("%s is open, and was renamed", opened)
		}
		time.AfterFunc(50*time.Millisecond, func() { _ = windows.CloseHandle(handle) })
		if err := Rename(root, "new", "old"); err != nil {
			t.Errorf("%s was open: %v", opened, err)
		}
		if data, err := root.ReadFile("old"); string(data) != "new" {
			t.Errorf("the file holds %q, %v", data, err)
		}
		if err := Rename(root, "missing", "old"); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("a missing file was renamed: %v", err)
		}
	}
}
