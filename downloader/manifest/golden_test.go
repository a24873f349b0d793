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
)

// line returns a line with that body, whatever it says.
func line(body string) string {
	return string(appendTrailer([]byte(body), 0, 0, 0))
}

// body returns the beginning of a line of a finished image.
func body(index any, file, sum string) string {
	return fmt.Sprintf(`{"index":%v,"line":1,"url":"http://a.test/","status":"ok","class":"","file":"%s","bytes":7,"sha256":"%s"`, index, file, sum)
}

func plant(t *testing.T, text string) (dir string) {
	t.Helper()
	dir = t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, Name), []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
	return dir
}

// TestGoldenLines compares what is written with lines of the first version.
func TestGoldenLines(t *testing.T) {
	r := downloader.Result{Item: downloader.Item{Index: 3, Line: 4, URL: "http://a.test/<é>"}, Status: downloader.StatusSkipped, File: "image_3.jpg", Bytes: 7, SHA256: "ab", Started: failedAt}
	const start = `{"index":3,"line":4,"url":"http://a.test/<é>","final_url":"","status":"ok","class":"","error":"","file":"image_3.jpg","bytes":7,"sha256":"ab","content_type":"","width":0,"height":0,` +
		`"http_status":0,"attempts":0,"etag":"","last_modified":"","started":"2026-11-20T01:02:03.000000004Z","timing":{"queue":0,"dns":0,"connect":0,"tls":0,"first_byte":0,"body":0,"verify":0,"commit":0,"total":0}`
	for number, end := range map[uint32]string{3: `,"v":1,"crc":"b34b0e22"}`, 4: `,"rec":4,"v":1,"crc":"6be2819b"}`, 1 << 31: `,"rec":2147483648,"v":1,"crc":"014977fb"}`} {
		if got := string(appendLine([]byte("before\n"), &r, number)); got != "before\n"+start+end+"\n" {
			t.Errorf("number %d:\ngot  %swant %s", number, got, start+end)
		}
	}
	if r.Status != downloader.StatusSkipped {
		t.Error("the result has changed")
	}
	if err := (&VersionError{"2"}).Error(); err != "the manifest is of version 2, and this grab knows only 1" {
		t.Error(err)
	}
}

// TestParseLine has lines whose numbers are at the limits and beyond, and lines with odd or
// missing fields.
func TestParseLine(t *testing.T) {
	sum := strings.Repeat("ab", 32)
	for body, want := range map[string]string{
		body(0, "image_0.jpg", sum): "0 0 image_0.jpg 7 ab", body(maxIndex, "x", sum): "2147483647 2147483647 x 7 ab", body(maxIndex+1, "x", sum): "", body(-1, "x", sum): "", body("", "x", sum): "", body("9999999999999999999", "x", sum): "",
		body(0, "x", ""): "0 0 x 7 00", body(0, "x", sum[1:]): "", body(0, "x", sum+"ab"): "", body(0, "x", sum[2:]): "", body(0, "x", "zz"+sum[2:]): "",
		body(5, "x", sum) + `,"rec":7`: "5 7 x 7 ab", body(5, "x", sum) + `,"rec":4294967295`: "5 4294967295 x 7 ab", body(5, "x", sum) + `,"rec":4294967296`: "5 5 x 7 ab", body(5, "x", sum) + `,"rec":x`: "5 5 x 7 ab", body(5, "x", sum) + `,"rec":7,"x":8`: "5 5 x 7 ab",
		body(0, `\u00e9\"\\`, sum): `0 0 é"\ 7 ab`, body(0, `\x`, sum): "", `{"index":0`: "", `{}`: "", body(0, `x\`, sum): "",
		strings.Replace(body(0, "x", sum), `"bytes":7`, `"bytes":-7`, 1): "0 0 x -7 ab", strings.Replace(body(0, "x", sum), `"bytes":7`, `"bytes":"7"`, 1): "", strings.Replace(body(0, "x", sum), `"url":"http://a.test/"`, `"url":null`, 1): "",
		strings.Replace(body(0, "x", sum), `,"class":""`, ``, 1): "",
	} {
		got := ""
		e, err := parseLine([]byte(strings.TrimSuffix(line(body), "\n")))
		if err == nil {
			got = fmt.Sprintf("%d %d %s %d %02x", e.index, e.number, e.file, e.bytes, e.sum[31])
		}
		if got != want || err != nil && err != errDamaged {
			t.Errorf("%s:\ngot  %s, %v\nwant %s", body, got, err, want)
		}
	}
	whole := strings.TrimSuffix(line(body(0, "x", sum)), "\n")
	for _, damaged := range []string{whole + " ", whole[:len(whole)-1], whole[:len(whole)-2] + "}", strings.Replace(whole, versionKey, `,"w":`, 1), "", sumKey} {
		if _, err := parseLine([]byte(damaged)); err != errDamaged {
			t.Errorf("%s: %v", damaged, err)
		}
	}
}

// TestFailureTimes has times that Unix time in nanoseconds cannot tell, which are none.
func TestFailureTimes(t *testing.T) {
	for at, want := range map[string]int64{
		"1969-12-31T23:59:59Z": 0, "1970-01-01T00:00:01Z": 1e9, "2200-12-31T23:59:59Z": 7289654399e9, "2201-01-01T00:00:00Z": 0, "0001-01-01T00:00:00Z": 0,
	} {
		moment, err := time.Parse(time.RFC3339, at)
		if got := nanoseconds(moment); got != want || err != nil {
			t.Errorf("%s: %d, want %d (%v)", at, got, want, err)
		}
	}
}

// TestDamagedLines shows the first ten, and counts all.
func TestDamagedLines(t *testing.T) {
	good := line(body(0, "image_0.jpg", strings.Repeat("ab", 32)))
	j := open(t, plant(t, good+strings.Repeat("x\n", 12)+good+"\n"))
	defer j.Close()
	lines, total := j.Damaged()
	if want := []int{2, 3, 4, 5, 6, 7, 8, 9, 10, 11}; !slices.Equal(lines, want) || total != 13 {
		t.Errorf("%v of %d", lines, total)
	}
}

// TestLongLines has the longest line that is read, and one that is longer by a byte.
func TestLongLines(t *testing.T) {
	sum := strings.Repeat("ab", 32)
	padded := func(size int) string {
		text := body(0, "image_0.jpg", sum) + `,"pad":""`
		return line(strings.Replace(text, `"pad":"`, `"pad":"`+strings.Repeat("x", size-len(line(text))), 1))
	}
	for size, want := range map[int]bool{500: true, 1<<10 - 1: true, 1 << 10: true, 1<<10 + 1: true, 1 << 20: true, 1<<20 + 1: false, 3<<20 + 5: false} {
		text := padded(size)
		if len(text) != size {
			t.Fatal(len(text))
		}
		j := open(t, plant(t, text+line(body(1, "image_1.jpg", sum))))
		read, err := lineAt(j.file, 0)
		if (err == nil) != want || err == nil && string(read)+"\n" != text || j.Len() == 1 == want || j.history.end != int64(len(text)+len(line(body(1, "image_1.jpg", sum)))) {
			t.Errorf("%d bytes: %d records, %d bytes read, %v", size, j.Len(), len(read), err)
		}
		j.Close()
	}
}

// TestMemory estimates from the size of the file.
func TestMemory(t *testing.T) {
	for size, want := range map[int]int64{0: 0, 499: 0, 500: 85, 1499: 170, 50_000: 8500} {
		if got := Memory(plant(t, strings.Repeat("x", size))); got != want {
			t.Errorf("%d bytes: %d, want %d", size, got, want)
		}
	}
	if got := Memory(t.TempDir()); got != 0 {
		t.Errorf("no manifest: %d", got)
	}
}

// TestWorthCompacting needs more superseded lines than others, and 64 of them.
func TestWorthCompacting(t *testing.T) {
	for _, c := range []struct {
		lines, live int
		want        bool
	}{{0, 0, false}, {63, 0, false}, {64, 0, true}, {127, 63, true}, {128, 64, false}, {129, 64, true}, {126, 63, false}, {1000, 500, false}, {1001, 500, true}} {
		if h := (history{lines: c.lines, live: c.live}); h.worthCompacting() != c.want {
			t.Errorf("%d lines, %d of them live: not %t", c.lines, c.live, c.want)
		}
	}
}

// TestFileWith finds files by their bytes: of this run, written or not yet, and of an earlier
// one.
func TestFileWith(t *testing.T) {
	sum := func(digit string) string { return strings.Repeat(digit, 64) }
	of := func(index int, sum string) downloader.Result {
		r := finished(index, fmt.Sprint("http://a.test/", index), downloader.StatusOK)
		r.SHA256 = sum
		return r
	}
	dir := t.TempDir()
	write(t, dir, of(0, sum("0")), of(1, sum("1")), of(2, sum("1")), finished(3, "http://a.test/3", downloader.StatusFailed))
	j := open(t, dir)
	defer j.Close()
	check := func(when, sum, want string) {
		t.Helper()
		if file, ok := j.FileWith(sum); ok != (want != "") || ok && file != want {
			t.Errorf("%s: %.20s: %q, %t, want %q", when, sum, file, ok, want)
		}
	}
	check("before KeepSums", sum("0"), "")
	j.KeepSums()
	check("of an earlier run", sum("0"), "image_0.jpg")
	check("in capitals", strings.ToUpper(sum("a")), "")
	check("the last of equal ones", sum("1"), "image_2.jpg")
	check("with another end", sum("0")[1:]+"1", "")
	for _, bad := range []string{"", sum("0")[2:], sum("0") + "00", sum("x")} {
		check("no hash", bad, "")
	}
	r := of(5, sum("5"))
	j.Observe(r)
	check("not written yet", sum("5"), "image_5.jpg")
	if len(j.buf) != 0 {
		t.Error("the line is not written")
	}
	check("with the same start", sum("5")[1:]+"6", "")
	j.Observe(of(6, sum("6")))
	shared := of(7, sum("5"))
	shared.SameAs = "image_5.jpg"
	j.Observe(shared)
	check("that shares another's bytes", sum("5"), "image_5.jpg")
	check("after others", sum("6"), "image_6.jpg")
	e, ok := j.Claim(downloader.Item{Index: 0, URL: "http://a.test/0"})
	if !ok {
		t.Fatal("no record")
	}
	j.Forget(e.ID)
	check("that is gone", sum("0"), "")
}

// TestValidators returns those of a record, and none of a line that has changed.
func TestValidators(t *testing.T) {
	dir := t.TempDir()
	first, second := finished(0, "http://a.test/0", downloader.StatusOK), finished(1, "http://a.test/1", downloader.StatusOK)
	first.ETag, first.LastModified = `W/"a"`, "Thu, 26 Nov 2026 00:00:00 GMT"
	write(t, dir, first, second)
	j := open(t, dir)
	defer j.Close()
	if etag, modified := j.Validators(0); etag != first.ETag || modified != first.LastModified {
		t.Errorf("%q, %q", etag, modified)
	}
	if etag, modified := j.Validators(1); etag != "" || modified != "" {
		t.Errorf("%q, %q", etag, modified)
	}
	text := strings.Replace(read(t, dir), `"last_modified"`, `"lost_modified"`, 1)
	if err := os.WriteFile(filepath.Join(dir, Name), []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
	if etag, modified := j.Validators(0); etag != "" || modified != "" {
		t.Errorf("damaged: %q, %q", etag, modified)
	}
}

// TestOccupants says who has claimed the file of a name.
func TestOccupants(t *testing.T) {
	dir := t.TempDir()
	named := finished(1, "http://a.test/1", downloader.StatusOK)
	named.File = "cats/Tom.jpg"
	write(t, dir, finished(0, "http://a.test/0", downloader.StatusOK), named, finished(2, "http://a.test/2", downloader.StatusFailed))
	j := open(t, dir)
	defer j.Close()
	check := func(when string, e downloader.Earlier, claimer int, ok bool, file string, want int) {
		t.Helper()
		if ok != (file != "") || e.File != file || claimer != want {
			t.Errorf("%s: %+v, %d, %t", when, e, claimer, ok)
		}
	}
	e, claimer, ok := j.Occupant(0)
	check("unclaimed", e, claimer, ok, "image_0.jpg", -1)
	if _, known := j.Claim(downloader.Item{Index: 7, URL: "http://a.test/0"}); !known {
		t.Error("no record")
	}
	e, claimer, ok = j.Occupant(0)
	check("claimed", e, claimer, ok, "image_0.jpg", 7)
	e, claimer, ok = j.OccupantNamed("IMAGE_0")
	check("by its name", e, claimer, ok, "image_0.jpg", 7)
	e, claimer, ok = j.OccupantNamed("CATS/tom")
	check("of a template", e, claimer, ok, "cats/Tom.jpg", -1)
	for _, index := range []int{1, 2, 3} {
		e, claimer, ok = j.Occupant(index)
		check("nobody's", e, claimer, ok, "", -1)
	}
	for name, want := range map[string]bool{"image_0.jpg": true, "image_0.png": false, "cats/Tom.jpg": true, "cats/tom.jpg": false, "cats/Tom.png": false, "image_1.jpg": false, "image_2.jpg": false} {
		if got := j.OwnsName(name); got != want {
			t.Errorf("%s: owned %t", name, got)
		}
	}
	if !j.Owns(0, ".jpg") || j.Owns(0, ".png") || j.Owns(1, ".jpg") || j.Owns(2, ".jpg") {
		t.Error("Owns is wrong")
	}
}

// TestRecords yields records in the order of the list, with texts that are safe to show.
func TestRecords(t *testing.T) {
	dir := t.TempDir()
	evil := finished(1, "http://a.test/1\x1b[31m", downloader.StatusFailed)
	evil.Class, evil.Error, evil.FinalURL, evil.SameAs = downloader.Class("x\x1b"+strings.Repeat("y", 600)), "e\x1b", "f\x1b", "a\x1b"
	again := finished(2, "http://a.test/2", downloader.StatusFailed)
	write(t, dir, finished(5, "http://a.test/5", downloader.StatusOK), evil, finished(2, "http://a.test/2", downloader.StatusOK), again)
	records, err := Read(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer records.Close()
	var got []string
	for r, err := range records.All {
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, fmt.Sprintf("%d %s %.3s %d %s %s %s %s %s %s", r.Index, r.Status, r.Class, len(r.Class), r.Error, r.File, r.FinalURL, r.SameAs, r.URL, r.SHA256))
		if len(got) == records.Len() {
			break
		}
	}
	want := []string{
		`1 failed x\x 503 e\x1b  f\x1b a\x1b http://a.test/1\x1b[31m `,
		"2 failed sta 5     http://a.test/2 ",
		"5 ok  0  image_5.jpg   http://a.test/5 " + strings.Repeat("ab", 32),
	}
	if !slices.Equal(got, want) || records.Damaged() != 0 {
		t.Errorf("got  %q\nwant %q; %d damaged", got, want, records.Damaged())
	}
	if err := os.Truncate(filepath.Join(dir, Name), 3); err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, err := range records.All {
		if n++; err == nil || !strings.HasPrefix(err.Error(), "read ") || n > 1 {
			t.Errorf("%d: %v", n, err)
		}
	}
}

// TestBufferIsWritten writes as soon as as much is kept back as may be.
func TestBufferIsWritten(t *testing.T) {
	j := open(t, t.TempDir())
	defer j.Close()
	r := finished(0, "http://a.test/0", downloader.StatusFailed)
	one := len(appendLine(nil, &r, 0))
	for _, short := range []int{1, 0} {
		r.Error = strings.Repeat("x", bufferLimit-one-short)
		j.Observe(r)
		if kept := len(j.buf); kept != short*(bufferLimit-short) {
			t.Errorf("%d bytes are kept back, %d short of the limit", kept, short)
		}
		if err := j.Flush(); err != nil {
			t.Fatal(err)
		}
	}
}

// TestClasses has more classes than there are numbers for: the rest count as the last.
func TestClasses(t *testing.T) {
	var all []downloader.Class
	for i := range 300 {
		if got := position(&all, fmt.Append(nil, i)); got != uint8(min(i, 254)) {
			t.Fatalf("class %d has number %d", i, got)
		}
	}
	if got := position(&all, []byte("7")); got != 7 || len(all) != 255 {
		t.Errorf("number %d of %d", got, len(all))
	}
}

// TestRelocatedFails has lines that cannot be moved.
func TestRelocatedFails(t *testing.T) {
	sum := strings.Repeat("ab", 32)
	for _, text := range []string{"", "x", line(`{"index":0}`)} {
		if moved, err := relocated([]byte(strings.TrimSuffix(text, "\n")), 1, 2, "f"); !errors.Is(err, errDamaged) || moved != nil {
			t.Errorf("%q: %s, %v", text, moved, err)
		}
	}
	for text, want := range map[string]string{
		body(3, "f", sum): `{"index":1,"line":0`, body(3, "f", sum) + `,"rec":9`: `{"index":1,"line":0`,
	} {
		moved, err := relocated([]byte(strings.TrimSuffix(line(text), "\n")), 1, 0, "g<")
		e, bad := parseLine(bytes.TrimSuffix(moved, []byte("\n")))
		var r downloader.Result
		if err = errors.Join(err, bad, json.Unmarshal(moved, &r)); err != nil || !strings.HasPrefix(string(moved), want) || e.index != 1 || string(e.file) != "g<" || r.File != "g<" || e.number != map[bool]uint32{true: 9, false: 3}[strings.Contains(text, "rec")] {
			t.Errorf("%s: %s, %v", text, moved, err)
		}
		kept, err := relocated([]byte(strings.TrimSuffix(line(text), "\n")), 1, -1, "g")
		if err != nil || !strings.HasPrefix(string(kept), `{"index":3,"line":1,`) {
			t.Errorf("%s: %s, %v", text, kept, err)
		}
	}
}
