package outdir_test

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"grab/downloader"
	"grab/downloader/outdir"
)

// open opens a directory, and closes it when the test ends at the latest.
func open(t *testing.T, dir string) *outdir.Dir {
	t.Helper()
	d, err := outdir.Open(dir, outdir.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = d.Close() })
	return d
}

// finish makes a directory with an image of each URL. Its bytes are the URL.
func finish(t *testing.T, dir string, urls ...string) {
	t.Helper()
	d := open(t, dir)
	for i, url := range urls {
		item := downloader.Item{Index: i, Line: i + 1, URL: url}
		placed, err := d.Put(t.Context(), staged(t, dir, item))
		if err != nil {
			t.Fatal(err)
		}
		sum := sha256.Sum256([]byte(url))
		d.Observe(downloader.Result{
			Item: item, Status: downloader.StatusOK, File: placed.File, Bytes: int64(len(url)), SHA256: hex.EncodeToString(sum[:]),
		})
	}
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}
}

func staged(t *testing.T, dir string, item downloader.Item) downloader.Staged {
	t.Helper()
	path := downloader.StateDir + "/staged"
	write(t, filepath.Join(dir, path), item.URL)
	return downloader.Staged{Item: item, Path: path, Ext: ".gif"}
}

func write(t *testing.T, name, text string) {
	t.Helper()
	if err := os.WriteFile(name, []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
}

// arrange gives the images of URLs that are finished the places of this order.
func arrange(d *outdir.Dir, urls ...string) ([]downloader.Move, error) {
	var moves []downloader.Move
	for i, url := range urls {
		item := downloader.Item{Index: i, Line: i + 1, URL: url}
		if e, known := d.Claim(item); known && !e.InPlace(item) {
			moves = append(moves, downloader.Move{Item: item, Earlier: e})
		}
	}
	return moves, d.Arrange(context.Background(), moves)
}

// holds checks what the files of a directory hold, given as name=text.
func holds(t *testing.T, dir string, files ...string) {
	t.Helper()
	for _, file := range files {
		name, want, _ := strings.Cut(file, "=")
		if data, err := os.ReadFile(filepath.Join(dir, name)); string(data) != want {
			t.Errorf("%s holds %q, want %q (%v)", name, data, want, err)
		}
	}
}

// Once moves have failed, the journal's names are not those on the disk. No image may be
// put over another one then. The next run moves them.
func TestFailedMoves(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "out")
	finish(t, dir, "a", "b")
	log := filepath.Join(dir, downloader.StateDir, "moves")
	d := open(t, dir)
	if err := os.Mkdir(log, 0o777); err != nil { // so that it cannot be written
		t.Fatal(err)
	}
	if _, err := arrange(d, "b", "a"); err == nil {
		t.Fatal("moved without a log")
	}
	for i := range 2 {
		if _, err := d.Put(t.Context(), staged(t, dir, downloader.Item{Index: i, URL: "new"})); err == nil {
			t.Errorf("an image was put at place %d", i)
		}
	}
	holds(t, dir, "image_0.gif=a", "image_1.gif=b")
	if n := d.Earlier(); n != 0 {
		t.Errorf("%d images in the folder earlier", n)
	}
	_ = d.Close()
	if err := os.Remove(log); err != nil {
		t.Fatal(err)
	}
	d = open(t, dir)
	if _, err := arrange(d, "b", "a"); err != nil {
		t.Fatal(err)
	}
	holds(t, dir, "image_0.gif=b", "image_1.gif=a")
}

// A file whose name is taken by a foreign one gets another name, and keeps that as long
// as the foreign one is there.
func TestNameBesideForeignFile(t *testing.T) {
	for what, make := range map[string]func(name string) error{
		"file":   func(name string) error { return os.WriteFile(name, []byte("foreign"), 0o666) },
		"folder": func(name string) error { return os.Mkdir(name, 0o777) },
	} {
		t.Run(what, func(t *testing.T) {
			dir := filepath.Join(t.TempDir(), "out")
			finish(t, dir, "a", "b", "c", "d")
			foreign := filepath.Join(dir, "image_4.gif")
			if err := make(foreign); err != nil {
				t.Fatal(err)
			}
			var size int64
			for run := range 3 {
				d := open(t, dir)
				moves, err := arrange(d, "a", "b", "c", "x", "d")
				if err != nil || len(moves) != 1 || moves[0].File != "image_4-2.gif" {
					t.Errorf("run %d: %+v, %v", run, moves, err)
				}
				if err := d.Close(); err != nil {
					t.Fatal(err)
				}
				info, err := os.Stat(filepath.Join(dir, "manifest.jsonl"))
				if err != nil {
					t.Fatal(err)
				}
				if run > 0 && info.Size() != size {
					t.Errorf("run %d: the manifest grows from %d to %d bytes", run, size, info.Size())
				}
				size = info.Size()
			}
			holds(t, dir, "image_4-2.gif=d")
			if err := os.Remove(foreign); err != nil {
				t.Fatal(err)
			}
			if moves, err := arrange(open(t, dir), "a", "b", "c", "x", "d"); err != nil || moves[0].File != "image_4.gif" {
				t.Errorf("the name is free: %+v, %v", moves, err)
			}
		})
	}
}

// A file or a link that is called earlier stops nobody who needs no such folder. A link
// is not followed: it may lead out of the directory.
func TestEarlierIsNoFolder(t *testing.T) {
	outside := t.TempDir()
	for what, make := range map[string]func(name string) error{
		"file": func(name string) error { return os.WriteFile(name, nil, 0o666) },
		"link": func(name string) error { return os.Symlink(outside, name) },
	} {
		t.Run(what, func(t *testing.T) {
			dir := filepath.Join(t.TempDir(), "out")
			finish(t, dir, "a")
			write(t, filepath.Join(outside, "image_0.gif"), "outside")
			if err := make(filepath.Join(dir, "earlier")); err != nil {
				t.Fatal(err)
			}
			d := open(t, dir)
			if _, err := d.Put(t.Context(), staged(t, dir, downloader.Item{Index: 1, URL: "b"})); err != nil {
				t.Error(err)
			}
			if _, err := d.Put(t.Context(), staged(t, dir, downloader.Item{Index: 0, URL: "new"})); err == nil {
				t.Error("the former image went somewhere")
			}
			holds(t, dir, "image_0.gif=a", "image_1.gif=b")
			holds(t, outside, "image_0.gif=outside")
		})
	}
}

// What a killed run has left without a record is moved to the folder earlier when the
// next run ends. A third run would take it for a foreign file.
func TestUnknownImageGoesAside(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "out")
	running := open(t, dir)
	write(t, filepath.Join(dir, "image_7.gif"), "unknown")
	killed := filepath.Join(t.TempDir(), "killed")
	if err := os.CopyFS(killed, os.DirFS(dir)); err != nil { // as a kill would leave it
		t.Fatal(err)
	}
	_ = running.Close()
	if err := open(t, killed).Close(); err != nil {
		t.Fatal(err)
	}
	holds(t, killed, "earlier/image_7.gif=unknown")
	if _, err := os.Stat(filepath.Join(killed, downloader.StateDir)); err == nil {
		t.Error("the state folder is left")
	}
}

// A killed run's moves do not block the directory if they cannot be finished.
func TestUnfinishableMoves(t *testing.T) {
	for what, text := range map[string]string{
		"removed": `{"from":"image_5.gif","to":"earlier/image_5.gif","file":"1-1-1","line":""}` + "\nend\n",
		"damaged": "{\"from\":\x00\x00\nend\n",
		"torn":    `{"from":"image_0.gif","to":"image_1.gif","file":""`,
	} {
		dir := filepath.Join(t.TempDir(), "out")
		finish(t, dir, "a")
		state := filepath.Join(dir, downloader.StateDir)
		if err := os.Mkdir(state, 0o777); err != nil {
			t.Fatal(err)
		}
		write(t, filepath.Join(state, "moves"), text)
		d := open(t, dir)
		holds(t, dir, "image_0.gif=a")
		if _, known := d.Claim(downloader.Item{URL: "a"}); !known {
			t.Errorf("%s: the record is lost", what)
		}
		if err := d.Close(); err != nil {
			t.Error(err)
		}
		if _, err := os.Stat(state); err == nil {
			t.Errorf("%s: the state folder is left", what)
		}
	}
}

// A list and another one take turns in a directory: nothing grows.
func TestListsTakeTurns(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "out")
	lists := [2][]string{}
	for i := range 40 {
		lists[0], lists[1] = append(lists[0], fmt.Sprint("a", i)), append(lists[1], fmt.Sprint("b", i))
	}
	finish(t, dir, append(lists[0], lists[1]...)...)
	for run := range 30 {
		d := open(t, dir)
		list := lists[run%2]
		if _, err := arrange(d, list...); err != nil {
			t.Fatal(err)
		}
		if err := d.Close(); err != nil {
			t.Fatal(err)
		}
		for i, text := range list {
			holds(t, dir, fmt.Sprintf("image_%d.gif=%s", i, text))
		}
	}
	files, err := filepath.Glob(filepath.Join(dir, "*", "*"))
	if err != nil || len(files) != 40 {
		t.Errorf("%d files in earlier, want 40 (%v)", len(files), err)
	}
	data, err := os.ReadFile(filepath.Join(dir, "manifest.jsonl"))
	if lines := strings.Count(string(data), "\n"); lines > 500 {
		t.Errorf("the manifest has %d lines (%v)", lines, err)
	}
}

// The owner removes an image, and another one of the same size gets its name. If grab is
// killed then, the old record must not take the new file for its own.
func TestNameOfRemovedImage(t *testing.T) {
	for what, reorder := range map[string]bool{"its URL is in no list": false, "its URL has another place": true} {
		dir := filepath.Join(t.TempDir(), "out")
		finish(t, dir, "a", "b", "c")
		if err := os.Remove(filepath.Join(dir, "image_1.gif")); err != nil {
			t.Fatal(err)
		}
		d := open(t, dir)
		if reorder {
			item := downloader.Item{Index: 7, URL: "b"}
			e, _ := d.Claim(item)
			moves := []downloader.Move{{Item: item, Earlier: e}}
			if err := d.Arrange(t.Context(), moves); err != nil || moves[0].File != "" {
				t.Errorf("%s: %+v, %v", what, moves, err)
			}
		}
		if _, err := d.Put(t.Context(), staged(t, dir, downloader.Item{Index: 1, URL: "n"})); err != nil {
			t.Fatal(err)
		}
		killed := filepath.Join(t.TempDir(), "killed")
		if err := os.CopyFS(killed, os.DirFS(dir)); err != nil {
			t.Fatal(err)
		}
		d = open(t, killed)
		if e, known := d.Claim(downloader.Item{Index: 1, URL: "b"}); known {
			if state := d.Check(t.Context(), e, false); state != downloader.FileMissing {
				t.Errorf("%s: %s, which is that of n, is taken for that of b: state %d", what, e.File, state)
			}
		}
		if n := d.Earlier(); n != 0 {
			t.Errorf("%s: %d images in the folder earlier", what, n)
		}
	}
}
