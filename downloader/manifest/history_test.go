package manifest

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"grab/downloader"
	"grab/downloader/sink"
)

var failedAt = time.Date(2026, 11, 20, 1, 2, 3, 4, time.UTC)

func finished(index int, url string, status downloader.Status) downloader.Result {
	r := downloader.Result{Item: downloader.Item{Index: index, URL: url}, Status: status, Bytes: 10, SHA256: strings.Repeat("ab", 32)}
	if status == downloader.StatusOK {
		r.File = sink.Name(index, ".jpg")
	} else {
		r.Class, r.Bytes, r.SHA256, r.HTTPStatus, r.Started = downloader.ClassStall, 0, "", 404, failedAt
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

// TestClaim has the last line of a URL win, wherever it stood in its list.
func TestClaim(t *testing.T) {
	dir := t.TempDir()
	odd := "http://a.test/\"quoted\"?<&>\\"
	write(t, dir,
		finished(0, "http://a.test/0", downloader.StatusFailed), finished(0, "http://a.test/0", downloader.StatusOK),
		finished(1, odd, downloader.StatusOK), finished(2, "http://a.test/2", downloader.StatusFailed),
		finished(5_000_000, "http://a.test/far", downloader.StatusOK))
	for _, tt := range []struct {
		index  int
		url    string
		known  bool
		was    int
		status downloader.Status
		file   string
	}{
		{0, "http://a.test/0", true, 0, downloader.StatusOK, "image_0.jpg"},
		{7, "http://a.test/0", true, 0, downloader.StatusOK, "image_0.jpg"},
		{0, "http://a.test/other", false, 0, "", ""},
		{1, odd, true, 1, downloader.StatusOK, "image_1.jpg"},
		{2, "http://a.test/2", true, 2, downloader.StatusFailed, ""},
		{2, "http://me:secret@a.test/2", true, 2, downloader.StatusFailed, ""},
		{3, "http://a.test/3", false, 0, "", ""},
		{5_000_000, "http://a.test/far", true, 5_000_000, downloader.StatusOK, "image_5000000.jpg"},
	} {
		j := open(t, dir)
		e, known := j.Claim(downloader.Item{Index: tt.index, URL: tt.url})
		j.Close()
		if known != tt.known || e.Index != tt.was || e.Status != tt.status || e.File != tt.file {
			t.Errorf("%d %s: %+v, %t", tt.index, tt.url, e, known)
		}
		if e.Status == downloader.StatusOK && (e.Bytes != 10 || e.SHA256[31] != 0xab) {
			t.Errorf("%d: %+v", tt.index, e)
		}
		if e.Status == downloader.StatusFailed && (e.Class != downloader.ClassStall || e.HTTPStatus != 404 || !e.Since.Equal(failedAt) || !e.Asked.Equal(failedAt)) {
			t.Errorf("%d: %+v", tt.index, e)
		}
	}
}

// TestClaimEqualURLs gives each of a list's equal URLs a record of its own: that of
// its place first, then the finished ones in their order.
func TestClaimEqualURLs(t *testing.T) {
	dir := t.TempDir()
	const url = "http://a.test/same"
	write(t, dir, finished(1, url, downloader.StatusFailed), finished(4, url, downloader.StatusOK), finished(2, url, downloader.StatusOK))
	j := open(t, dir)
	defer j.Close()
	for _, tt := range []struct{ index, was int }{{4, 4}, {7, 2}, {8, 1}, {9, -1}} {
		e, known := j.Claim(downloader.Item{Index: tt.index, URL: url})
		if known != (tt.was >= 0) || known && e.Index != tt.was {
			t.Errorf("index %d: %+v, %t; want that of %d", tt.index, e, known, tt.was)
		}
	}
}

// Of the records of a URL, an item has the one whose file has its name: else a run that has
// nothing to do would move files, if the last one came in a place before the others.
func TestClaimByName(t *testing.T) {
	const url = "http://a.test/same"
	for _, many := range []int{0, 20} { // records beside the three
		for pattern, files := range map[string][3]string{
			"cat%s":                            {"cat.jpg", "cat-2.jpg", "cat-3.jpg"},
			sink.MarkDate + "/cat%s":           {"2026-11-25/cat.jpg", "2026-11-24/cat-2.jpg", "2026-11-23/cat-3.jpg"},
			"cat-" + sink.MarkSHA256(2) + "%s": {"cat-ab.jpg", "cat-ab-2.jpg", "cat-ab-3.jpg"},
		} {
			if many > 0 && strings.Contains(pattern, "\x00") {
				continue // too many to look at each one
			}
			dir := t.TempDir()
			var results []downloader.Result
			for i := range 3 + many {
				r := finished(25-i, url, downloader.StatusOK)
				if i < 3 {
					r.File = files[i]
				}
				results = append(results, r)
			}
			write(t, dir, results...)
			j := open(t, dir)
			for i, suffix := range []string{"", "-2", "-3"} {
				e, known := j.Claim(downloader.Item{Index: 7 + i, URL: url, Name: fmt.Sprintf(pattern, suffix)})
				if !known || e.File != files[i] {
					t.Errorf("%q, of %d: entry %d gets %s, %t; want %s", pattern, 3+many, i, e.File, known, files[i])
				}
			}
			j.Close()
		}
	}
}

// TestRelocate moves records, which the next run finds in their new places.
func TestRelocate(t *testing.T) {
	dir := t.TempDir()
	odd := "http://a.test/,\"file\":\"x\",\"rec\":3"
	write(t, dir, finished(0, odd, downloader.StatusOK), finished(1, "http://a.test/1", downloader.StatusOK))
	j := open(t, dir)
	move := func(id, index, number int, file string) {
		line, err := j.Relocate(id, index, number, file)
		if err != nil {
			t.Fatal(err)
		}
		if err := j.Append(line); err != nil {
			t.Fatal(err)
		}
	}
	move(1, 1, -1, "earlier/image_1-2.jpg")
	move(1, 1, -1, "earlier/image_1.jpg")
	if j.Len() != 2 || j.OwnsName("earlier/image_1-2.jpg") || !j.OwnsName("earlier/image_1.jpg") {
		t.Errorf("%d records, or a former name is still owned", j.Len())
	}
	move(0, 1, 9, "image_1.jpg")
	if err := j.Close(); err != nil {
		t.Fatal(err)
	}
	j = open(t, dir)
	defer j.Close()
	first, _ := j.Claim(downloader.Item{Index: 1, URL: odd})
	second, _ := j.Claim(downloader.Item{Index: 5, URL: "http://a.test/1"})
	if first.File != "image_1.jpg" || first.Index != 1 || first.Named || second.File != "earlier/image_1.jpg" || second.Index != 1 || !second.Named {
		t.Errorf("%+v, %+v", first, second)
	}
	if _, _, there := j.Occupant(0); there || j.Len() != 2 {
		t.Errorf("%d records, index 0 taken: %t", j.Len(), there)
	}
	var r downloader.Result
	text := read(t, dir)
	if err := json.Unmarshal([]byte(text[strings.LastIndex(strings.TrimSpace(text), "\n")+1:]), &r); err != nil || r.Index != 1 || r.Line != 9 || r.URL != odd || r.File != "image_1.jpg" {
		t.Errorf("%+v, %v", r, err)
	}
}

// TestCompact removes lines that others have superseded, and nothing else.
func TestCompact(t *testing.T) {
	dir := t.TempDir()
	var results []downloader.Result
	for i := range 100 {
		results = append(results, finished(i, fmt.Sprintf("http://a.test/%d", i), downloader.StatusOK))
	}
	for range 3 {
		j := open(t, dir)
		for _, r := range results {
			if e, known := j.Claim(r.Item); known {
				r.Record = e.ID + 1
			}
			j.Observe(r)
		}
		if err := j.Close(); err != nil {
			t.Fatal(err)
		}
	}
	before := read(t, dir)
	open(t, dir).Close()
	if after := read(t, dir); len(after) != len(before)/3 || !strings.HasSuffix(before, after) {
		t.Errorf("%d bytes, before %d", len(after), len(before))
	}
	j := open(t, dir)
	defer j.Close()
	for i := range 100 {
		if e, known := j.Claim(results[i].Item); !known || e.File != results[i].File {
			t.Errorf("%+v, %t", e, known)
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
		_, first := j.Claim(downloader.Item{Index: 0, URL: "http://a.test/0"})
		_, second := j.Claim(downloader.Item{Index: 1, URL: "http://a.test/1"})
		_, third := j.Claim(downloader.Item{Index: 2, URL: "http://a.test/2"})
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
		f.Add(appendLine(nil, &r, uint32(r.Index)))
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
		line := appendLine(nil, &r, uint32(r.Index))
		if err := h.read(bytes.NewReader(append(data[:h.end:h.end], line...))); err != nil {
			t.Fatal(err)
		}
		if _, ok := h.claim(r.Item); !ok {
			t.Error("the line is not found")
		}
	})
}
