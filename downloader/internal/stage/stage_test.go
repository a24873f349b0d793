//go:build unix

package stage

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"grab/downloader"
)

// fill adds content to f as a download does.
func fill(t *testing.T, f *File, content string) {
	t.Helper()
	for len(content) > 0 {
		if f.Full() {
			if err := f.Flush(); err != nil {
				t.Fatal(err)
			}
		}
		n := copy(f.Free(), content)
		f.Add(n)
		content = content[n:]
	}
}

func sum(content string) string {
	sum := sha256.Sum256([]byte(content))
	return hex.EncodeToString(sum[:])
}

func names(t *testing.T, folder string) string {
	t.Helper()
	entries, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return strings.Join(names, " ")
}

// sizes are on both sides of the small buffer, of the other, and of two.
func sizes() []int {
	return []int{1, smallSize - 1, smallSize, bufferSize - 1, bufferSize, bufferSize + 1, 2 * bufferSize, 2*bufferSize + 1}
}

func content(size int) string { return strings.Repeat("0123456789abcde", size/15+1)[:size] }

// TestSeal has files of many sizes, one after the other in the same workspace, announced or not.
func TestSeal(t *testing.T) {
	dir, state, _ := output(t)
	for _, durable := range []bool{false, true} {
		d, err := New(dir, durable)
		if err != nil {
			t.Fatal(err)
		}
		for i, size := range sizes() {
			want := content(size)
			announced := int64(-1)
			if durable {
				announced = int64(size)
			}
			f := d.Open(i, announced)
			if f.Fill != 0 || f.Size != 0 || len(f.Head()) != 0 {
				t.Fatalf("a new file holds %d bytes", f.Size)
			}
			fill(t, f, want)
			if f.Size != int64(size) || size <= bufferSize && string(f.Head()) != want {
				t.Errorf("%d bytes: size %d, the head has %d", size, f.Size, len(f.Head()))
			}
			if (size > bufferSize) != (names(t, state) != "") {
				t.Errorf("%d bytes: on disk is %q", size, names(t, state))
			}
			reader, err := f.Content()
			if err != nil {
				t.Fatal(err)
			}
			if got, err := io.ReadAll(io.NewSectionReader(reader, 0, 1<<20)); string(got) != want || err != nil {
				t.Errorf("%d bytes: the content has %d, %v", size, len(got), err)
			}
			if got, err := f.Seal(); got != sum(want) || err != nil {
				t.Errorf("%d bytes: hash %s, %v", size, got, err)
			}
			if got, err := os.ReadFile(filepath.Join(state, names(t, state))); string(got) != want || err != nil {
				t.Errorf("%d bytes: the file has %d, %v", size, len(got), err)
			}
			d.Remove(i)
		}
		d.Close()
	}
}

// TestDiscard leaves nothing, in whatever state the file is.
func TestDiscard(t *testing.T) {
	dir, state, _ := output(t)
	d := open(t, dir)
	for _, size := range sizes() {
		f := d.Open(0, -1)
		fill(t, f, content(size))
		f.Discard()
		if left := names(t, state); left != "" {
			t.Errorf("%d bytes: %s is left", size, left)
		}
		f.Discard() // again, as after a failed Seal
	}
}

// TestPartialAgain keeps beginnings and completes them, in this run and in the next.
func TestPartialAgain(t *testing.T) {
	item := downloader.Item{Index: 4, URL: "http://user:pass@a.test/"}
	part := Part{URL: "http://a.test/", Validator: `"v1"`, LastModified: "yesterday", Total: 1 << 20}
	for _, thisRun := range []bool{true, false} {
		for _, size := range sizes() {
			dir, state, _ := output(t)
			d := open(t, dir)
			f := d.Open(item.Index, -1)
			fill(t, f, content(size))
			kept := f.KeepPartial(part)
			if kept != (size > bufferSize) {
				t.Errorf("%d bytes: kept %v", size, kept)
			}
			if !kept {
				f.Discard()
				if left := names(t, state); left != "" {
					t.Errorf("%d bytes: %s is left", size, left)
				}
				continue
			}
			if !thisRun {
				if g, _ := d.ReopenPartial(item, false); g != nil {
					t.Error("found without a look at what this run has kept")
				}
				d = open(t, dir)
			}
			g, p := d.ReopenPartial(item, thisRun)
			if g == nil {
				t.Fatalf("%d bytes: not found", size)
			}
			if want := (Part{part.URL, part.Validator, part.Total, int64(size), sum(content(size)), part.LastModified}); p != want || g.Size != int64(size) {
				t.Errorf("%d bytes: %+v, want %+v", size, p, want)
			}
			if !bytes.HasPrefix([]byte(content(size)), g.Head()) || len(g.Head()) != bufferSize {
				t.Errorf("%d bytes: the head has %d", size, len(g.Head()))
			}
			if left := names(t, state); left != "4.part" {
				t.Errorf("%d bytes: %s is there while it grows", size, left)
			}
			g.Fill = 0 // the head was looked at
			fill(t, g, "the rest")
			if got, err := g.Seal(); got != sum(content(size)+"the rest") || err != nil {
				t.Errorf("%d bytes: hash %s, %v", size, got, err)
			}
			if got, err := os.ReadFile(filepath.Join(state, "4.part")); string(got) != content(size)+"the rest" || err != nil {
				t.Errorf("%d bytes: the file has %d bytes, %v", size, len(got), err)
			}
		}
	}
}

// TestPartialThatDoesNotFit has beginnings of something else. None is used, and none stays.
func TestPartialThatDoesNotFit(t *testing.T) {
	item := downloader.Item{Index: 4, URL: "http://a.test/"}
	for what, harm := range map[string]func(state string, p *Part, file, note string) error{
		"another URL":  func(_ string, p *Part, _, _ string) error { p.URL = "http://b.test/"; return nil },
		"no validator": func(_ string, p *Part, _, _ string) error { p.Validator = ""; return nil },
		"cut":          func(_ string, _ *Part, file, _ string) error { return os.Truncate(file, bufferSize) },
		"longer":       func(_ string, _ *Part, file, _ string) error { return os.Truncate(file, 3*bufferSize) },
		"other bytes": func(_ string, _ *Part, file, _ string) error {
			return os.WriteFile(file, make([]byte, 2*bufferSize), 0o666)
		},
		"no file":          func(_ string, _ *Part, file, _ string) error { return os.Remove(file) },
		"no note":          func(_ string, _ *Part, _, note string) error { return os.Remove(note) },
		"a note of no use": func(_ string, _ *Part, _, note string) error { return os.WriteFile(note, []byte("{"), 0o666) },
	} {
		dir, state, _ := output(t)
		d := open(t, dir)
		f := d.Open(4, -1)
		fill(t, f, content(2*bufferSize))
		p := Part{URL: item.URL, Validator: `"v1"`, Total: -1}
		early := what == "another URL" || what == "no validator"
		file, note := filepath.Join(state, "4.part"), filepath.Join(state, "4.resume")
		if early {
			_ = harm(state, &p, file, note)
		}
		if !f.KeepPartial(p) {
			t.Fatal("not kept")
		}
		if !early {
			if err := harm(state, &p, file, note); err != nil {
				t.Fatal(err)
			}
		}
		if g, _ := d.ReopenPartial(item, true); g != nil {
			t.Errorf("%s: it was used", what)
		}
		if left := names(t, state); left != "" {
			t.Errorf("%s: %s is left", what, left)
		}
	}
}

// TestClear removes what a killed run left, and keeps the beginnings unless all goes.
func TestClear(t *testing.T) {
	for _, all := range []bool{false, true} {
		dir, state, _ := output(t)
		for _, name := range []string{"1.part", "1.resume", "2.part", "x.part", "x.resume", "lock", "3.resume"} {
			if err := os.WriteFile(filepath.Join(state, name), nil, 0o666); err != nil {
				t.Fatal(err)
			}
		}
		d := open(t, dir)
		if err := d.Clear(all); err != nil {
			t.Error(err)
		}
		want := "1.part 1.resume 3.resume lock"
		if all {
			want = "lock"
		}
		if got := names(t, state); got != want {
			t.Errorf("all %v: %q is left, want %q", all, got, want)
		}
		d.RemoveState()
		if _, err := os.Stat(state); err != nil {
			t.Errorf("the state folder went with what is in it: %v", err)
		}
		if err := os.Remove(filepath.Join(state, "lock")); err != nil {
			t.Fatal(err)
		}
		_ = d.Clear(true)
		d.RemoveState()
		if _, err := os.Stat(state); err == nil {
			t.Error("the empty state folder is left")
		}
	}
}

// TestQueue makes the file of a run: new, private, and gone with the run.
func TestQueue(t *testing.T) {
	dir, state, victim := output(t)
	if err := os.Symlink(victim, filepath.Join(state, queueName)); err != nil {
		t.Skip(err)
	}
	d := open(t, dir)
	q, err := d.OpenQueue()
	if err != nil {
		t.Fatal(err)
	}
	if info, err := q.Stat(); err != nil || info.Size() != 0 || info.Mode().Perm()&0o077 != 0 {
		t.Errorf("the file is %v, %v", info.Mode(), err)
	}
	if _, err := q.WriteAt([]byte("record"), 10); err != nil {
		t.Error(err)
	}
	var back [6]byte
	if _, err := q.ReadAt(back[:], 10); string(back[:]) != "record" {
		t.Errorf("read %q, %v", back, err)
	}
	if err := q.Close(); err != nil {
		t.Error(err)
	}
	if left := names(t, state); left != "" {
		t.Errorf("%s is left", left)
	}
	if data, _ := os.ReadFile(victim); string(data) != "precious" {
		t.Errorf("the other file holds %q", data)
	}
	if err := os.MkdirAll(filepath.Join(state, queueName, "inner"), 0o777); err != nil {
		t.Fatal(err)
	}
	if q, err := d.OpenQueue(); err == nil {
		_ = q.Close()
		t.Error("a queue was opened where a folder is in the way")
	}
}
