//go:build unix

package stage

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"grab/downloader"
)

func open(t *testing.T, output string) *Dir {
	t.Helper()
	d, err := New(output, false)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(d.Close)
	return d
}

// output makes an output directory with a state folder. A file beside it is the victim
// of what is planted there.
func output(t *testing.T) (dir, state, victim string) {
	t.Helper()
	above := t.TempDir()
	dir, victim = filepath.Join(above, "out"), filepath.Join(above, "victim")
	state = filepath.Join(dir, downloader.StateDir)
	if err := errors.Join(os.MkdirAll(state, 0o777), os.WriteFile(victim, []byte("precious"), 0o666)); err != nil {
		t.Fatal(err)
	}
	return dir, state, victim
}

// What is planted at the name of a staging file is removed, and what it leads to stays.
func TestPlantedStagingFile(t *testing.T) {
	for what, plant := range map[string]func(victim, name string) error{
		"link": os.Symlink, "hard link": os.Link,
		"FIFO":         func(_, name string) error { return syscall.Mkfifo(name, 0o666) },
		"empty folder": func(_, name string) error { return os.Mkdir(name, 0o777) },
	} {
		dir, state, victim := output(t)
		d := open(t, dir)
		if err := plant(victim, filepath.Join(state, "0.part")); err != nil {
			t.Fatal(err)
		}
		f := d.Open(0, -1)
		f.Add(copy(f.Free(), "image"))
		if _, err := f.Seal(); err != nil {
			t.Errorf("%s: %v", what, err)
		}
		if data, err := os.ReadFile(filepath.Join(state, "0.part")); string(data) != "image" {
			t.Errorf("%s: the staging file holds %q, %v", what, data, err)
		}
		if data, _ := os.ReadFile(victim); string(data) != "precious" {
			t.Errorf("%s: the other file holds %q", what, data)
		}
	}
}

// A partial file that grab cannot have left is none, and nothing waits for it.
func TestPlantedPartialFile(t *testing.T) {
	item := downloader.Item{URL: "http://a.test/"}
	note := `{"url":"http://a.test/","validator":"\"x\"","total":-1,"size":8,"sha256":"` +
		"0c7c1e1d7bf1ba4a6d9bbd3ffc0cc0b6da4b13e2a5a6ab2f0c4a2f3c0b1f2d11" + `"}`
	for what, plant := range map[string]func(victim, state string) error{
		"a FIFO": func(_, state string) error { return syscall.Mkfifo(filepath.Join(state, "0.resume"), 0o666) },
		"a link": func(victim, state string) error { return os.Symlink(victim, filepath.Join(state, "0.resume")) },
		"a long note": func(_, state string) error {
			return errors.Join(os.WriteFile(filepath.Join(state, "0.resume"), []byte(note), 0o666), os.Truncate(filepath.Join(state, "0.resume"), 1<<40))
		},
		"a beginning with a second name": func(victim, state string) error {
			return errors.Join(os.WriteFile(filepath.Join(state, "0.resume"), []byte(note), 0o666), os.Link(victim, filepath.Join(state, "0.part")))
		},
	} {
		dir, state, victim := output(t)
		if err := plant(victim, state); err != nil {
			t.Fatal(err)
		}
		d := open(t, dir)
		if f, _ := d.ReopenPartial(item, false); f != nil {
			t.Errorf("%s is taken for the beginning of an image", what)
		}
		if left, err := os.ReadDir(state); err != nil || len(left) > 0 {
			t.Errorf("%s: %v is left, %v", what, left, err)
		}
		if data, _ := os.ReadFile(victim); string(data) != "precious" {
			t.Errorf("%s: the other file holds %q", what, data)
		}
	}
}

// The note of a beginning is not written through a link.
func TestPlantedNote(t *testing.T) {
	for what, plant := range map[string]func(victim, name string) error{"link": os.Symlink, "hard link": os.Link} {
		dir, state, victim := output(t)
		d := open(t, dir)
		if err := plant(victim, filepath.Join(state, "0.resume")); err != nil {
			t.Fatal(err)
		}
		item := downloader.Item{URL: "http://a.test/"}
		f := d.Open(0, -1)
		f.Add(copy(f.Free(), strings.Repeat("x", bufferSize)))
		if err := f.Flush(); err != nil {
			t.Fatal(err)
		}
		if !f.KeepPartial(Part{URL: item.URL, Validator: `"x"`, Total: -1}) {
			t.Errorf("%s: the beginning is not kept", what)
		}
		if again, _ := d.ReopenPartial(item, true); again == nil || again.Size != bufferSize {
			t.Errorf("%s: the beginning is not found", what)
		}
		if data, _ := os.ReadFile(victim); string(data) != "precious" {
			t.Errorf("%s: the other file holds %q", what, data)
		}
	}
}

// A folder with files in it has the name of a staging file: the error names it.
func TestFolderInTheWay(t *testing.T) {
	dir, state, _ := output(t)
	if err := os.MkdirAll(filepath.Join(state, "0.part", "inner"), 0o777); err != nil {
		t.Fatal(err)
	}
	err := open(t, dir).Clear(false)
	if _, ours := errors.AsType[*downloader.UsageError](err); !ours || !strings.Contains(err.Error(), filepath.Join(state, "0.part")) {
		t.Errorf("%v", err)
	}
}

// A state folder that is a link is refused, even if it leads to a folder beside it.
func TestLinkedStateFolder(t *testing.T) {
	dir, state, _ := output(t)
	if err := errors.Join(os.Rename(state, filepath.Join(dir, "folder")), os.Symlink("folder", state)); err != nil {
		t.Fatal(err)
	}
	if d, err := New(dir, false); err == nil {
		d.Close()
		t.Error("the link is followed")
	}
}
