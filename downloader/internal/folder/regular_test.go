//go:build unix

package folder_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"grab/downloader"
	. "grab/downloader/internal/folder"
)

// planted makes a directory with everything that a name can stand for. A file beside it
// is called victim, and is that of the links.
func planted(t *testing.T) (dir *os.Root, victim string) {
	t.Helper()
	above := t.TempDir()
	victim = filepath.Join(above, "victim")
	path := filepath.Join(above, "dir")
	for _, err := range []error{
		os.Mkdir(path, 0o777),
		os.WriteFile(victim, []byte("precious"), 0o666),
		os.WriteFile(filepath.Join(path, "file"), []byte("content"), 0o666),
		os.Symlink("../victim", filepath.Join(path, "link")),
		os.Symlink("file", filepath.Join(path, "inner")),
		os.Symlink("../nowhere", filepath.Join(path, "dangling")),
		os.Symlink("..", filepath.Join(path, "above")),
		os.Symlink("folder", filepath.Join(path, "beside")),
		os.Link(victim, filepath.Join(path, "hard")),
		os.Mkdir(filepath.Join(path, "folder"), 0o777),
		syscall.Mkfifo(filepath.Join(path, "fifo"), 0o666),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	dir, err := os.OpenRoot(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = dir.Close() })
	return dir, victim
}

// A refused name is in the message, with what to do. Nothing behind it is changed.
func TestOpenRegularRefuses(t *testing.T) {
	dir, victim := planted(t)
	const write = os.O_RDWR | os.O_CREATE | os.O_TRUNC
	for _, tt := range []struct {
		name  string
		flags int
		want  string
	}{
		{"link", os.O_RDONLY, "is a symbolic link"},
		{"link", write, "is a symbolic link"},
		{"inner", write, "is a symbolic link"},
		{"dangling", write, "is a symbolic link"},
		{"hard", write, "has a second name"},
		{"hard", os.O_WRONLY, "has a second name"},
		{"folder", os.O_RDONLY, "is a folder"},
		{"fifo", os.O_RDONLY, "is not a regular file"},
		{"fifo", write, "is not a regular file"},
	} {
		file, err := OpenRegular(dir, tt.name, tt.flags)
		if err == nil {
			_ = file.Close()
		}
		_, ours := errors.AsType[*downloader.UsageError](err)
		if !ours || !strings.Contains(err.Error(), filepath.Join(dir.Name(), tt.name)+" "+tt.want) || !strings.Contains(err.Error(), "choose another directory") {
			t.Errorf("%s with flags %#x: %v", tt.name, tt.flags, err)
		}
	}
	if data, err := os.ReadFile(victim); string(data) != "precious" {
		t.Errorf("the file behind the links holds %q, %v", data, err)
	}
	if _, err := dir.Stat("../nowhere"); err == nil {
		t.Error("a dangling link was followed")
	}
}

func TestOpenRegular(t *testing.T) {
	dir, _ := planted(t)
	for _, tt := range []struct {
		name  string
		flags int
		size  int64
	}{
		{"file", os.O_RDONLY, 7}, {"file", os.O_RDWR | os.O_CREATE, 7}, {"file", os.O_WRONLY | os.O_TRUNC, 0},
		{"new", os.O_RDWR | os.O_CREATE, 0}, {"hard", os.O_RDONLY, 8},
	} {
		file, err := OpenRegular(dir, tt.name, tt.flags)
		if err != nil {
			t.Errorf("%s with flags %#x: %v", tt.name, tt.flags, err)
			continue
		}
		if info, err := file.Stat(); err != nil || info.Size() != tt.size {
			t.Errorf("%s with flags %#x: %v, %v", tt.name, tt.flags, info.Size(), err)
		}
		_ = file.Close()
	}
	if _, err := OpenRegular(dir, "missing", os.O_RDONLY); !errors.Is(err, fs.ErrNotExist) || !strings.Contains(err.Error(), dir.Name()) {
		t.Errorf("a missing file: %v", err)
	}
}

// TestOpenRegularFails empties a file that is open for reading only, which fails.
func TestOpenRegularFails(t *testing.T) {
	dir, _ := planted(t)
	if file, err := OpenRegular(dir, "file", os.O_RDONLY|os.O_TRUNC); file != nil || err == nil {
		t.Errorf("%v, %v", file, err)
	}
}

func TestRead(t *testing.T) {
	dir, _ := planted(t)
	if data, err := Read(dir, "file", 7); string(data) != "content" || err != nil {
		t.Errorf("%q, %v", data, err)
	}
	if data, err := Read(dir, "file", 6); err == nil || !strings.Contains(err.Error(), "longer") {
		t.Errorf("beyond its limit: %q, %v", data, err)
	}
}

func TestWritable(t *testing.T) {
	dir, _ := planted(t)
	for name, want := range map[string]string{
		"file": "", "link": "symbolic link", "hard": "second name", "folder": "folder", "fifo": "regular", "missing": "no such file",
	} {
		err := Writable(dir, name)
		if (err == nil) != (want == "") || err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", name, err, want)
		}
	}
}

func TestFoldersInFolders(t *testing.T) {
	dir, _ := planted(t)
	for _, name := range []string{"above", "beside", "link", "file", "fifo", "dangling"} {
		for what, open := range map[string]func(*os.Root, string) (*Folder, error){"OpenIn": OpenIn, "MakeIn": MakeIn} {
			f, err := open(dir, name)
			if _, ours := errors.AsType[*downloader.UsageError](err); !ours {
				t.Errorf("%s of %s: %v", what, name, err)
			}
			if err == nil {
				_ = f.Close()
			}
		}
	}
	if _, err := OpenIn(dir, "new"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a missing folder: %v", err)
	}
	for _, name := range []string{"folder", "new"} {
		f, err := MakeIn(dir, name)
		if err != nil {
			t.Fatal(err)
		}
		_ = f.Close()
	}
}
