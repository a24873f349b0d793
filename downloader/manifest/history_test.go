package manifest

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"grab/downloader"
	"grab/downloader/sink"
)

func finished(index int, url string, status downloader.Status) downloader.Result {
	r := downloader.Result{Item: downloader.Item{Index: index, URL: url}, Status: status, Bytes: 10, SHA256: strings.Repeat("ab", 32)}
	if status == downloader.StatusOK {
		r.File = sink.Name(index, ".jpg")
	} else {
		r.Class, r.Bytes, r.SHA256 = downloader.ClassStall, 0, ""
	}
	return r
}

func write(t testing.TB, dir string, results ...downloader.Result) {
	t.Helper()
	j := open(t, dir)
	for _, r := range results {
		j.Observe(r)
	}
	if err := j.Close(); err != nil {
		t.Fatal(err)
	}
}

// TestRecall has the last line for an index win, for the URL that it names.
func TestRecall(t *testing.T) {
	dir := t.TempDir()
	odd := "http://a.test/\"quoted\"?<&>\\"
	write(t, dir,
		finished(0, "http://a.test/0", downloader.StatusFailed), finished(0, "http://a.test/0", downloader.StatusOK),
		finished(1, odd, downloader.StatusOK), finished(2, "http://a.test/2", downloader.StatusFailed),
		finished(5_000_000, "http://a.test/far", downloader.StatusOK))
	j := open(t, dir)
	defer j.Close()
	for _, tt := range []struct {
		index  int
		url    string
		known  bool
		same   bool
		status downloader.Status
		file   string
	}{
		{0, "http://a.test/0", true, true, downloader.StatusOK, "image_0.jpg"},
		{0, "http://a.test/other", true, false, downloader.StatusOK, "image_0.jpg"},
		{1, odd, true, true, downloader.StatusOK, "image_1.jpg"},
		{2, "http://a.test/2", true, true, downloader.StatusFailed, ""},
		{3, "http://a.test/3", false, false, "", ""},
		{5_000_000, "http://a.test/far", true, true, downloader.StatusOK, "image_5000000.jpg"},
	} {
		rec, known := j.Lookup(downloader.Item{Index: tt.index, URL: tt.url})
		if known != tt.known || rec.SameURL != tt.same || rec.Status != tt.status || rec.File != tt.file {
			t.Errorf("%d %s: %+v, %t", tt.index, tt.url, rec, known)
		}
		if rec.Status == downloader.StatusOK && (rec.Bytes != 10 || rec.SHA256[31] != 0xab) {
			t.Errorf("%d: %+v", tt.index, rec)
		}
		if rec.Status == downloader.StatusFailed && rec.Class != downloader.ClassStall {
			t.Errorf("%d: %+v", tt.index, rec)
		}
	}
}

// TestDamage flips each byte of an inner line: that line is reported and does
// not count, and the others do.
func TestDamage(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, finished(0, "http://a.test/0", downloader.StatusOK), finished(1, "http://a.test/1", downloader.StatusOK),
		finished(2, "http://a.test/2", downloader.StatusOK))
	whole := []byte(read(t, dir))
	start := bytes.IndexByte(whole, '\n') + 1
	end := start + bytes.IndexByte(whole[start:], '\n')
	for i := start; i < end; i++ {
		damaged := slices.Clone(whole)
		damaged[i] ^= 0x20
		if damaged[i] == '\n' {
			continue // another number of lines
		}
		if err := os.WriteFile(filepath.Join(dir, Name), damaged, 0o666); err != nil {
			t.Fatal(err)
		}
		j := open(t, dir)
		lines, n := j.Damaged()
		_, first := j.Lookup(downloader.Item{Index: 0})
		_, second := j.Lookup(downloader.Item{Index: 1})
		_, third := j.Lookup(downloader.Item{Index: 2})
		j.Close()
		if n != 1 || !slices.Equal(lines, []int{2}) || !first || second || !third {
			t.Fatalf("byte %d: %d damaged lines %v; %t %t %t", i, n, lines, first, second, third)
		}
	}
}

// TestVersion refuses what another version wrote, and changes nothing.
func TestVersion(t *testing.T) {
	dir := t.TempDir()
	body := `{"index":0,"url":"http://a.test/0","v":2`
	var line bytes.Buffer
	line.WriteString(body)
	line.WriteString(sumKey)
	for _, shift := range []int{28, 24, 20, 16, 12, 8, 4, 0} {
		line.WriteByte("0123456789abcdef"[checksum([]byte(body))>>shift&15])
	}
	line.WriteString("\"}\n")
	line.WriteString("torn")
	if err := os.WriteFile(filepath.Join(dir, Name), line.Bytes(), 0o666); err != nil {
		t.Fatal(err)
	}
	_, err := Open(dir, false)
	if foreign, ok := errors.AsType[*VersionError](err); !ok || foreign.Version != "2" {
		t.Errorf("%v", err)
	}
	if read(t, dir) != line.String() {
		t.Error("the manifest was changed")
	}
}

// FuzzHistory takes any bytes for a manifest: nothing breaks, whole lines stay,
// and what is written after them can be read.
func FuzzHistory(f *testing.F) {
	for _, tt := range tornTails {
		f.Add([]byte(tt.before))
	}
	for _, status := range []downloader.Status{downloader.StatusOK, downloader.StatusFailed} {
		r := finished(3, "http://a.test/3", status)
		f.Add(appendLine(nil, &r))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		var h history
		if err := h.read(bytes.NewReader(data)); err != nil {
			if _, ok := errors.AsType[*VersionError](err); !ok {
				t.Fatal(err)
			}
			return
		}
		if want := int64(bytes.LastIndexByte(data, '\n') + 1); h.end != want {
			t.Errorf("the lines end at %d, want %d", h.end, want)
		}
		r := finished(7, "http://a.test/7", downloader.StatusOK)
		line := appendLine(nil, &r)
		if err := h.read(bytes.NewReader(append(data[:h.end:h.end], line...))); err != nil {
			t.Fatal(err)
		}
		if rec, ok := h.recall(r.Item); !ok || !rec.SameURL {
			t.Errorf("%+v, %t", rec, ok)
		}
	})
}
