package sink

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"grab/downloader"
)

// tree returns the names below a directory, those of folders with a slash.
func tree(t *testing.T, f *Files) (names []string) {
	t.Helper()
	err := fs.WalkDir(f.Root().FS(), ".", func(name string, entry fs.DirEntry, err error) error {
		if err == nil && entry.IsDir() {
			name += "/"
		}
		names = append(names, name)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return names[1:]
}

// TestPutNamed puts files in folders, which it makes, and not through what is no folder.
func TestPutNamed(t *testing.T) {
	for _, durable := range []bool{false, true} {
		f, dir := neighbours(t, durable)
		for _, c := range []struct{ name, obstacle string }{
			{"new.png", ""}, {"a/b/c.png", ""}, {"a/b/d.png", ""}, {"folder/file", ""}, {"folder/new/x.png", ""},
			{"file/x.png", "file"}, {"folder/file/x.png", "folder/file"}, {"link/x.png", "link"}, {"inside/x.png", "inside"}, {"outside/x.png", "outside"}, {"outside/a/x.png", "outside"},
		} {
			if err := os.WriteFile(filepath.Join(dir, "staged"), []byte(c.name), 0o666); err != nil {
				t.Fatal(err)
			}
			if obstacle, ok := f.Obstacle(c.name); obstacle != c.obstacle || ok != (c.obstacle != "") {
				t.Errorf("%s: %q is in its way, %t", c.name, obstacle, ok)
			}
			name, err := f.PutNamed(downloader.Staged{Path: "staged"}, c.name)
			if (err == nil) != (c.obstacle == "") || err == nil && name != c.name || err != nil && name != "" {
				t.Errorf("%s: put at %q, %v", c.name, name, err)
			}
			if data, _ := os.ReadFile(filepath.Join(dir, c.name)); (string(data) == c.name) != (err == nil) || f.Exists("staged") != (err != nil) {
				t.Errorf("%s holds %q", c.name, data)
			}
		}
	}
}

// TestLink gives files second names, in folders that are no links.
func TestLink(t *testing.T) {
	f, dir := neighbours(t, false)
	for _, c := range []struct {
		file, name string
		want       bool
	}{
		{"file", "second", true}, {"file", "folder/second", true}, {"folder/file", "third", true},
		{"file", "second", false}, {"inside/file", "fourth", false}, {"file", "inside/fourth", false}, {"outside/file", "fourth", false}, {"missing", "fourth", false}, {"file", "missing/fourth", false},
	} {
		if err := f.Link(c.file, c.name); (err == nil) != c.want {
			t.Errorf("%s as %s: %v", c.file, c.name, err)
		}
	}
	if data, err := os.ReadFile(filepath.Join(dir, "folder", "second")); string(data) != "content" {
		t.Errorf("%q, %v", data, err)
	}
	if err := f.Link("file", "second"); !errors.Is(err, fs.ErrExist) {
		t.Error(err)
	}
}

// TestRemoveFolders removes empty folders, up to one that has something in it.
func TestRemoveFolders(t *testing.T) {
	f, dir := neighbours(t, false)
	for _, name := range []string{"a/b/c/x", "a/y/x", "folder/in/x", "folder/sub/x"} {
		if err := f.MakeFolders(name); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Mkdir(filepath.Join(dir, "..", "..", "victims", "empty"), 0o777); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"a/b/c/x", "folder/in/x", "inside/x", "inside/sub/x", "outside/empty/x", "file/x", "missing/x", "x"} {
		f.RemoveFolders(name)
	}
	if want := []string{"a/", "a/y/", "dangling", "file", "folder/", "folder/file", "folder/sub/", "inside", "link", "outside"}; !slices.Equal(tree(t, f), want) {
		t.Errorf("%q, want %q", tree(t, f), want)
	}
	if _, err := os.Stat(filepath.Join(dir, "..", "..", "victims", "empty")); err != nil {
		t.Error(err)
	}
	if err := f.MakeFolders("file/a/x"); err == nil {
		t.Error("a folder in a file")
	}
}

// TestSyncFails asks for the disk where there is nothing to write, which a durable directory
// alone notices.
func TestSyncFails(t *testing.T) {
	for _, durable := range []bool{false, true} {
		f, _ := neighbours(t, durable)
		for name, want := range map[string]bool{"file": true, "folder/file": true, "missing": false, "missing/file": false, "inside/file": false} {
			if err := f.SyncFile(name); (err == nil) != (want || !durable) {
				t.Errorf("durable %t: the content of %s: %v", durable, name, err)
			}
			if name == "missing" {
				continue // its folder is there
			}
			if err := f.SyncName(name); (err == nil) != (want || !durable) {
				t.Errorf("durable %t: the name %s: %v", durable, name, err)
			}
		}
	}
}

// TestPatterns has patterns and names at their limits.
func TestPatterns(t *testing.T) {
	for stem, want := range map[string]string{"image_0": "0 true", "IMAGE_7": "7 true", "image_2147483647": "2147483647 true", "image_2147483648": "2147483647 false", "image_": "0 false", "image_01": "1 false", "x_1": "0 false", "1": "1 false", "image_1-2": "0 false"} {
		index, ok := ParseStem(stem)
		if got := fmt.Sprint(index, " ", ok); got != want {
			t.Errorf("%s: %s, want %s", stem, got, want)
		}
	}
	x := func(n int) string { return strings.Repeat("x", n) }
	for _, c := range [][2]string{
		{Numbered("a", 2), "a-2"}, {Numbered("a/b", 10), "a/b-10"}, {Numbered(x(118), 2), x(118) + "-2"}, {Numbered(x(119), 2), x(118) + "-2"}, {Numbered("a/"+x(200), 100), "a/" + x(116) + "-100"},
		{Portable(x(120)), x(120)}, {Portable(x(121)), x(120)}, {Portable(x(120) + "/y"), x(120) + "/y"},
		{Portable(x(117) + ".jpg/y"), x(117) + ".jp/y"}, {Portable(x(116) + ".jpg/y"), x(116) + ".jp_/y"}, {Portable(x(115) + ".jpg/y"), x(115) + ".jpg_/y"},
		{MarkSHA256(7), "\x0007"}, {MarkSHA256(64), "\x0064"}, {PartDir(3, 10), "part-03-of-10"}, {PartDir(7, 7), "part-7-of-7"},
	} {
		if c[0] != c[1] {
			t.Errorf("%q, want %q", c[0], c[1])
		}
	}
	// 700 bytes for all, 120 of them for the last element, and a slash after each.
	deep := strings.Split(Portable(strings.Repeat(x(99)+"/", 9)+"last"), "/")
	if len(deep) != 6 || deep[5] != "last" {
		t.Errorf("%d elements: %q", len(deep), deep)
	}
	edge := strings.Split(Portable(strings.Repeat(x(115)+"/", 9)+"last"), "/") // five of 116 bytes are 580
	if len(edge) != 6 {
		t.Errorf("%d elements", len(edge))
	}
	edge = strings.Split(Portable(strings.Repeat(x(115)+"/", 4)+x(116)+"/last"), "/") // one byte more
	if len(edge) != 5 {
		t.Errorf("%d elements", len(edge))
	}
}
