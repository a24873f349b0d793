package survey

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"grab/downloader"
	"grab/downloader/manifest"
	"grab/downloader/sink"
)

// record is a line of a manifest, and the file of its image.
type record struct {
	url, file string
	bytes     string // of the file as it was written; empty: the image failed
	now       string // of the file now; "-": it is missing
	class     downloader.Class
	status    int
}

// directory writes a manifest and its files.
func directory(t *testing.T, dir string, records ...record) {
	t.Helper()
	if err := os.MkdirAll(filepath.Join(dir, "earlier"), 0o777); err != nil {
		t.Fatal(err)
	}
	j, err := manifest.Open(dir, false)
	if err != nil {
		t.Fatal(err)
	}
	for i, r := range records {
		result := downloader.Result{Item: downloader.Item{Index: i, Line: i + 1, URL: r.url}, Status: downloader.StatusFailed, Class: r.class, HTTPStatus: r.status, Error: string(r.class)}
		if r.bytes != "" {
			result.Status, result.File, result.Bytes = downloader.StatusOK, r.file, int64(len(r.bytes))
			result.SHA256 = fmt.Sprintf("%x", sha256.Sum256([]byte(r.bytes)))
			if r.now != "-" {
				if err := os.WriteFile(filepath.Join(dir, r.file), []byte(r.now), 0o666); err != nil {
					t.Fatal(err)
				}
			}
		}
		j.Observe(result)
	}
	if err := j.Close(); err != nil {
		t.Fatal(err)
	}
}

// TestSurvey surveys a directory with files of each state, and one of two parts.
func TestSurvey(t *testing.T) {
	dir := t.TempDir()
	records := []record{
		{url: "http://a.test/0", file: "image_0.jpg", bytes: "abc", now: "abc"},
		{url: "http://a.test/1", file: "image_1.jpg", bytes: "abc", now: "abcd"},
		{url: "http://A.test/2", file: "image_2.jpg", bytes: "abc", now: "abX"},
		{url: "http://b.test/3", file: "image_3.jpg", bytes: "abc", now: "-"},
		{url: "http://b.test/4", class: downloader.ClassHTTP4xx, status: 404},
		{url: "http://b.test/5", class: downloader.ClassHTTP4xx, status: 403},
		{url: "http://c.test/6", class: downloader.ClassDNS},
		{url: "http://c.test/7", class: downloader.ClassDNS},
		{url: "http://d.test/8", class: downloader.ClassDNS},
		{url: "http://d.test/9", file: "earlier/image_9.jpg", bytes: "abc", now: "abc"},
	}
	directory(t, dir, records...)
	for _, hash := range []bool{false, true} {
		var states []string
		s, err := Of(t.Context(), dir, hash, func(i Image) error {
			states = append(states, fmt.Sprintf("%s:%s", i.File, i.State))
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		third, changed := "intact", 1
		if hash {
			third, changed = "changed", 2
		}
		want := []string{"image_0.jpg:intact", "image_1.jpg:changed", "image_2.jpg:" + third, "image_3.jpg:missing", ":", ":", ":", ":", ":", "earlier/image_9.jpg:intact"}
		if !slices.Equal(states, want) {
			t.Errorf("%q, want %q", states, want)
		}
		got := fmt.Sprintf("%+v", *s)
		if want := fmt.Sprintf("{Parts:0 Images:10 OK:5 Failed:5 Earlier:1 Gone:1 Changed:%d Missing:1 Damaged:0 Bytes:15 Classes:map[dns:3 http-4xx:2] "+
			"Hosts:[{Name:c.test OK:0 Failed:2} {Name:b.test OK:1 Failed:2} {Name:d.test OK:1 Failed:1}]}", changed); got != want {
			t.Errorf("%s\nwant %s", got, want)
		}
	}

	first, second := sink.PartDir(1, 2), sink.PartDir(2, 2)
	both := t.TempDir()
	directory(t, filepath.Join(both, first), records[:2]...)
	directory(t, filepath.Join(both, second), records[:5]...)
	if err := os.MkdirAll(filepath.Join(both, "other"), 0o777); err != nil {
		t.Fatal(err)
	}
	directory(t, filepath.Join(both, "other"), records[0])
	var files []string
	s, err := Of(t.Context(), both, false, func(i Image) error { files = append(files, i.File); return nil })
	if err != nil {
		t.Fatal(err)
	}
	if want := []string{first + "/image_0.jpg", first + "/image_1.jpg", second + "/image_0.jpg", second + "/image_1.jpg", second + "/image_2.jpg", second + "/image_3.jpg", ""}; !slices.Equal(files, want) || s.Parts != 2 || s.Images != 7 {
		t.Errorf("%q in %d parts, want %q", files, s.Parts, want)
	}
	directory(t, both, records[0]) // and the directory itself has a manifest
	if s, err := Of(t.Context(), both, false, nil); err != nil || s.Parts != 2 || s.Images != 8 {
		t.Errorf("%+v, %v", s, err)
	}
}

func TestSurveyFails(t *testing.T) {
	for _, dir := range []string{filepath.Join(t.TempDir(), "none"), t.TempDir()} {
		if _, err := Of(t.Context(), dir, false, nil); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("%v", err)
		}
	}
	dir := t.TempDir()
	var many []record
	for i := range 2*batch + 1 {
		many = append(many, record{url: fmt.Sprintf("http://a.test/%d", i), class: downloader.ClassDNS})
	}
	directory(t, dir, many...)
	enough, n := errors.New("enough"), 0
	if _, err := Of(t.Context(), dir, false, func(Image) error { n++; return enough }); err != enough || n != 1 {
		t.Errorf("%v after %d", err, n)
	}
	ctx, cancel := context.WithCancel(t.Context())
	n = 0
	if _, err := Of(ctx, dir, false, func(Image) error { n++; cancel(); return nil }); !errors.Is(err, context.Canceled) || n != batch {
		t.Errorf("%v after %d", err, n)
	}
	if s, err := Of(t.Context(), dir, false, nil); err != nil || s.Images != len(many) {
		t.Errorf("%+v, %v", s, err)
	}
	text, err := os.ReadFile(filepath.Join(dir, manifest.Name))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, manifest.Name), []byte("damaged\n"+string(text)), 0o666); err != nil {
		t.Fatal(err)
	}
	if s, err := Of(t.Context(), dir, false, nil); err != nil || s.Damaged != 1 {
		t.Errorf("%+v, %v", s, err)
	}
}

// TestTextsOfSurveys writes surveys for people, as JSON and as CSV.
func TestTextsOfSurveys(t *testing.T) {
	full := Survey{Parts: 1, Images: 2, OK: 3, Failed: 4, Earlier: 5, Gone: 6, Changed: 7, Missing: 8, Damaged: 9, Bytes: 1500,
		Classes: map[downloader.Class]int{downloader.ClassDNS: 1, downloader.ClassHTTP4xx: 2, downloader.ClassConnect: 1}}
	for i := range 10 {
		full.Hosts = append(full.Hosts, Host{fmt.Sprintf("h%d", i), i, 20 - i})
	}
	more := full
	more.Hosts = append(more.Hosts, Host{"last", 0, 1}, Host{"of all", 0, 1})
	for _, c := range []struct {
		s     Survey
		text  string // the beginning
		end   string
		lines int
		json  string // the beginning
	}{
		{Survey{}, "0 ok (0 B), 0 failed\n", "0 failed\n", 1, `{"type":"status","images":0,"ok":0,"failed":0,"earlier":0,"gone":0,"changed":0,"missing":0,"damaged":0,"bytes":0,"classes":null,"hosts":[]}`},
		{full, "3 ok (1.5 kB), 4 failed\n  1 parts, each in a directory of its own\n  5 in the folder earlier, from other lists\n  7 changed since grab wrote them\n" +
			"  8 missing: the next run downloads them\n  6 most likely gone for good\n  9 damaged lines in the manifest\n2 failed with http-4xx\n1 failed with connect\n1 failed with dns\nhost: h0, 20 failed, 0 ok\n",
			"host: h9, 11 failed, 9 ok\n", 20, `{"type":"status","parts":1,"images":2,"ok":3,"failed":4,"earlier":5,"gone":6,"changed":7,"missing":8,"damaged":9,"bytes":1500,"classes":{"connect":1,"dns":1,"http-4xx":2},"hosts":[{"host":"h0","ok":0,"failed":20},`},
		{more, "3 ok", "host: h9, 11 failed, 9 ok\nand 2 more hosts\n", 21, `{"type":"status"`},
	} {
		var text, line strings.Builder
		if err := errors.Join(c.s.Write(&text), c.s.WriteJSON(&line)); err != nil {
			t.Fatal(err)
		}
		if got := text.String(); !strings.HasPrefix(got, c.text) || !strings.HasSuffix(got, c.end) || strings.Count(got, "\n") != c.lines {
			t.Errorf("%s", got)
		}
		if !strings.HasPrefix(line.String(), c.json) || !strings.HasSuffix(line.String(), "]}\n") {
			t.Errorf("%s", &line)
		}
	}
	var text strings.Builder
	out := NewCSV(&text)
	day := time.Date(2026, 1, 2, 3, 4, 5, 6, time.UTC)
	for _, r := range []downloader.Result{
		{Item: downloader.Item{Index: 1, Line: 2, URL: "http://a.test/"}, Status: downloader.StatusOK, File: "image_1.jpg", Bytes: 1500, SHA256: "00", Width: 4, Height: 5, Started: day},
		{Item: downloader.Item{URL: "=1+1", Fields: `{"a":"b"}`}, Status: downloader.StatusFailed, Class: downloader.ClassHTTP4xx, HTTPStatus: 404, Error: "x", Since: day, Started: day.Add(time.Hour)},
	} {
		if err := out.Write(Image{r, Intact}); err != nil {
			t.Fatal(err)
		}
	}
	if err := out.Flush(); err != nil {
		t.Fatal(err)
	}
	if want := `index,line,url,status,class,http_status,error,file,state,bytes,sha256,width,height,since,started,fields
1,2,http://a.test/,ok,,0,,image_1.jpg,intact,1500,00,4,5,,2026-01-02T03:04:05Z,
0,0,'=1+1,failed,http-4xx,404,x,,intact,0,,0,0,2026-01-02T03:04:05Z,2026-01-02T04:04:05Z,"{""a"":""b""}"
`; text.String() != want {
		t.Errorf("%s\nwant\n%s", &text, want)
	}
}
