//go:build unix

package outdir_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"grab/downloader"
	"grab/downloader/outdir"
)

// What is planted at the names of grab's own files is refused, by name. The file that it
// leads to stays as it was, and what a killed run has left stays too.
func TestPlantedFiles(t *testing.T) {
	for what, plant := range map[string]func(victim, name string) error{
		"link": os.Symlink, "hard link": os.Link,
		"folder": func(_, name string) error { return os.Mkdir(name, 0o777) },
		"FIFO":   func(_, name string) error { return syscall.Mkfifo(name, 0o666) },
		"endless file": func(_, name string) error {
			return errors.Join(os.WriteFile(name, nil, 0o666), os.Truncate(name, 1<<40))
		},
	} {
		for _, name := range []string{".grab", ".grab/lock", ".grab/own", ".grab/moves", "manifest.jsonl"} {
			endless := what == "endless file"
			if endless && (name == "manifest.jsonl" || name == ".grab/lock") || name == ".grab" && what != "link" && what != "FIFO" {
				continue // read by lines, or never read to its end; a folder of its own
			}
			if what == "hard link" && name == ".grab/moves" {
				continue // read and removed, which the other name survives
			}
			above := t.TempDir()
			dir, victim := filepath.Join(above, "out"), filepath.Join(above, "victim")
			write(t, victim, "precious")
			finish(t, dir, "a")
			planted := filepath.Join(dir, name)
			_ = os.Remove(planted)
			_ = os.Mkdir(filepath.Dir(planted), 0o777)
			if err := plant(victim, planted); err != nil {
				t.Fatal(err)
			}
			d, err := outdir.Open(dir, outdir.Options{})
			if err == nil {
				_ = d.Close()
			}
			_, ours := errors.AsType[*downloader.UsageError](err)
			if !ours || !strings.Contains(err.Error(), planted) {
				t.Errorf("a %s at %s: %v", what, name, err)
			}
			if _, err := os.Lstat(planted); err != nil {
				t.Errorf("a %s at %s is removed", what, name)
			}
			holds(t, above, "victim=precious", "out/image_0.gif=a")
		}
	}
}

// A planted log of moves moves nothing but images, even if it knows the file.
func TestPlantedMoves(t *testing.T) {
	for _, names := range [][2]string{
		{"precious.txt", "image_5.gif"}, {"image_0.gif", "precious.bak"}, {"image_0.gif", "earlier/../../image_1.gif"}, {"../image_9.gif", "image_9.gif"},
	} {
		above := t.TempDir()
		dir := filepath.Join(above, "out")
		finish(t, dir, "a")
		write(t, filepath.Join(dir, "precious.txt"), "precious")
		write(t, filepath.Join(above, "image_9.gif"), "outside")
		from, err := os.Stat(filepath.Join(dir, names[0]))
		if err != nil {
			t.Fatal(err)
		}
		id := fmt.Sprintf("%d-%d-%d", from.Sys().(*syscall.Stat_t).Ino, from.Size(), from.ModTime().UnixNano())
		move, err := json.Marshal(map[string]string{"from": names[0], "to": names[1], "file": id, "line": ""})
		if err != nil {
			t.Fatal(err)
		}
		if err := os.Mkdir(filepath.Join(dir, downloader.StateDir), 0o777); err != nil {
			t.Fatal(err)
		}
		write(t, filepath.Join(dir, downloader.StateDir, "moves"), string(move)+"\nend\n")
		if err := open(t, dir).Close(); err != nil {
			t.Error(err)
		}
		holds(t, above, "out/image_0.gif=a", "out/precious.txt=precious", "image_9.gif=outside")
	}
}

// A file called like the claim is none, unless it says what a claim says.
func TestPlantedClaim(t *testing.T) {
	for _, text := range []string{"", "own", "\n"} {
		dir := filepath.Join(t.TempDir(), "out")
		put(t, filepath.Join(dir, "image_7.png"))
		put(t, filepath.Join(dir, downloader.StateDir, "own"))
		write(t, filepath.Join(dir, downloader.StateDir, "own"), text)
		if d := open(t, dir); replaces(t, d, dir) {
			t.Errorf("%q makes a foreign image grab's", text)
		}
	}
}

// Images in the folder earlier are not looked for behind a link, nor removed there.
func TestEarlierBehindLink(t *testing.T) {
	outside := t.TempDir()
	dir := filepath.Join(t.TempDir(), "out")
	finish(t, dir, "a", "b")
	d := open(t, dir)
	if _, err := d.Put(t.Context(), staged(t, dir, downloader.Item{Index: 0, URL: "new"})); err != nil {
		t.Fatal(err)
	}
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}
	holds(t, dir, "earlier/image_0.gif=a")
	if err := errors.Join(os.RemoveAll(filepath.Join(dir, "earlier")), os.Symlink(outside, filepath.Join(dir, "earlier"))); err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(outside, "image_0.gif"), "a")
	d = open(t, dir)
	e, known := d.Claim(downloader.Item{Index: 5, URL: "a"})
	if !known || e.File != "earlier/image_0.gif" {
		t.Fatalf("%+v, %t", e, known)
	}
	if state := d.Check(t.Context(), e, true); state != downloader.FileMissing {
		t.Errorf("a file behind the link counts: state %d", state)
	}
	if err := d.Arrange(t.Context(), []downloader.Move{{Item: downloader.Item{Index: 5}, Earlier: e}}); err != nil {
		t.Error(err)
	}
	holds(t, outside, "image_0.gif=a")
}

// A directory that is moved while a run is at work keeps its run, and the one that gets
// its name keeps another.
func TestMovedWhileAtWork(t *testing.T) {
	above := t.TempDir()
	dir, moved := filepath.Join(above, "out"), filepath.Join(above, "moved")
	first := open(t, dir)
	if err := os.Rename(dir, moved); err != nil {
		t.Fatal(err)
	}
	second := open(t, dir)
	for where, d := range map[string]*outdir.Dir{moved: first, dir: second} {
		item := downloader.Item{Index: 3, URL: where}
		placed, err := d.Put(t.Context(), staged(t, where, item))
		if err != nil {
			t.Fatal(err)
		}
		d.Observe(downloader.Result{Item: item, Status: downloader.StatusOK, File: placed.File, Bytes: int64(len(where))})
	}
	if err := first.Close(); err != nil {
		t.Error(err)
	}
	if _, err := os.Stat(filepath.Join(moved, downloader.StateDir)); err == nil {
		t.Error("the directory that was moved has a state folder")
	}
	_, err := outdir.Open(dir, outdir.Options{})
	if _, locked := errors.AsType[*outdir.LockedError](err); !locked {
		t.Errorf("the other directory is not locked any more: %v", err)
	}
	if err := second.Close(); err != nil {
		t.Error(err)
	}
	for _, where := range []string{moved, dir} {
		holds(t, where, "image_3.gif="+where)
		if d := open(t, where); d.Len() != 1 {
			t.Errorf("%s: %d records", where, d.Len())
		}
	}
}

// A folder that has an image's name stays, and the error says so.
func TestFolderAtImageName(t *testing.T) {
	for what, before := range map[string][]string{"the first run": nil, "a later run": {"a", "b"}} {
		dir := filepath.Join(t.TempDir(), "out")
		if before != nil {
			finish(t, dir, before...)
		}
		name := filepath.Join(dir, "image_1.gif")
		if err := errors.Join(os.RemoveAll(name), os.MkdirAll(filepath.Join(name, "inner"), 0o777)); err != nil {
			t.Fatal(err)
		}
		_, err := open(t, dir).Put(t.Context(), staged(t, dir, downloader.Item{Index: 1, URL: "new"}))
		if !errors.Is(err, downloader.ClassExists) || !strings.Contains(err.Error(), "image_1.gif is there") {
			t.Errorf("%s: %v", what, err)
		}
	}
}
