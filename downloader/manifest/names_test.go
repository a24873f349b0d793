package manifest

import (
	"hash/maphash"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"grab/downloader"
)

// A line that names a file which grab never names so is damaged: the file is not grab's
// to remove, or to count.
func TestNamesOfFiles(t *testing.T) {
	for file, ours := range map[string]bool{
		"image_0.jpg": true, "image_0.bin": true, "image_7.jpg": true, "image_0-2.jpg": true, "earlier/image_3.png": true, "earlier/image_3-12.png": true,
		"image_0-1.jpg": true, "image_0-.jpg": true, "image_0-02.jpg": true, "image_00.jpg": true, "image_0-2-3.jpg": true, // by a template
		"other/image_0.jpg": true, "earlier/x.jpg": true, "cats/größe 7.webp": true,
		"image_0.txt": false, "image_0.": false, "image_0./../precious.txt": false, "image_0.jpg/../x.jpg": false, "precious.txt": false, "": false,
		"../image_0.jpg": false, "/etc/passwd": false, "earlier/../image_1.jpg": false, "earlier/earlier/image_1.jpg": false,
		".grab/0.jpg": false, "manifest.jsonl/0.jpg": false, "a/../0.jpg": false, "a//0.jpg": false, "a./0.jpg": false, "con.jpg": false, "\u202e0.jpg": false, "a\x000.jpg": false, "cat.txt": false,
		".grab/lock": false, "manifest.jsonl": false,
		"image_0.jpg\n": false, "earlier": false, "earlier/": false,
	} {
		dir := t.TempDir()
		planted := finished(0, "http://a.test/0", downloader.StatusOK)
		planted.File = file
		other := finished(1, "http://a.test/1", downloader.StatusOK)
		write(t, dir, planted, other)
		j := open(t, dir)
		e, known := j.Claim(planted.Item)
		_, damaged := j.Damaged()
		_, second := j.Claim(other.Item)
		j.Close()
		if known != ours || ours && e.File != file || (damaged == 0) != ours || !second {
			t.Errorf("%q: %+v, %t, %d damaged lines; the other line: %t", file, e, known, damaged, second)
		}
		records, err := Read(dir)
		if err != nil {
			t.Fatal(err)
		}
		for r, err := range records.All {
			if err != nil || r.File != file && r.File != "image_1.jpg" || r.File == file && !ours {
				t.Errorf("%q: the record of %q, %v", file, r.File, err)
			}
		}
		_ = records.Close()
	}
}

// Two fields with the same name in a line are read once, so that a check of the one
// cannot be passed with the other.
func TestNameTwice(t *testing.T) {
	dir := t.TempDir()
	r := finished(0, "http://a.test/0", downloader.StatusOK)
	line := string(appendLine(nil, &r, 0))
	body, _, _ := strings.Cut(line, versionKey)
	text := string(appendTrailer([]byte(body+`,"file":"../precious"`), 0, 0, 0))
	if err := os.WriteFile(filepath.Join(dir, Name), []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
	records, err := Read(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer records.Close()
	for r, err := range records.All {
		if err != nil || r.File != "image_0.jpg" {
			t.Errorf("%q, %v", r.File, err)
		}
	}
	if records.Len() != 1 {
		t.Errorf("%d records", records.Len())
	}
}

// TestFailureWithFields has a failure without a status, and a list that has columns of that
// name. They are not what happened.
func TestFailureWithFields(t *testing.T) {
	dir := t.TempDir()
	r := finished(0, "http://a.test/0", downloader.StatusFailed)
	r.HTTPStatus, r.Fields = 0, downloader.Fields(`{"n":1,"http_status":404,"since":"2001-01-01T00:00:00Z"}`)
	write(t, dir, r)
	j := open(t, dir)
	defer j.Close()
	if e, known := j.Claim(r.Item); !known || e.HTTPStatus != 0 || !e.Since.Equal(r.Started) {
		t.Errorf("%+v, %t", e, known)
	}
}

// TestOwnersOfNames looks up who has a name, whatever its case and extension. A name whose
// hash is that of another is nobody's.
func TestOwnersOfNames(t *testing.T) {
	n := newFileNames(maphash.MakeSeed())
	n.set(3, "cats/Tom.jpg")
	n.owners[n.key("dogs/rex")] = 3 + 1
	for stem, want := range map[string]bool{"cats/Tom": true, "cats/tOM": true, "dogs/rex": false, "cats/kitty": false, "": false} {
		if id, ok := n.owner(stem); ok != want || ok && id != 3 {
			t.Errorf("%q: record %d, %t", stem, id, ok)
		}
	}
}

// TestReadNothing reads a directory without a manifest, and one that does not exist.
func TestReadNothing(t *testing.T) {
	for _, dir := range []string{t.TempDir(), filepath.Join(t.TempDir(), "none")} {
		if records, err := Read(dir); records != nil || !os.IsNotExist(err) {
			t.Errorf("%v, %v", records, err)
		}
	}
}

// TestCopyLinesFails copies a line that is not there.
func TestCopyLinesFails(t *testing.T) {
	to, err := os.Create(filepath.Join(t.TempDir(), "to"))
	if err != nil {
		t.Fatal(err)
	}
	defer to.Close()
	if err := copyLines(to, strings.NewReader("one\ntwo\n"), []int64{4, 0}); err != nil {
		t.Error(err)
	}
	if text, err := os.ReadFile(to.Name()); string(text) != "two\none\n" || err != nil {
		t.Errorf("%q, %v", text, err)
	}
	if err := copyLines(to, strings.NewReader("one\n"), []int64{0, 9}); err == nil {
		t.Error("copied what is not there")
	}
}
