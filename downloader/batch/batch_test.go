package batch

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"grab/downloader"
	"grab/downloader/manifest"
)

// source yields one item for each URL. One that is not http is refused, as lists do.
func source(urls ...string) downloader.Source {
	return func(yield func(downloader.Item, error) bool) {
		for i, u := range urls {
			var refused error
			if !strings.HasPrefix(u, "http") && !strings.HasPrefix(u, "data:") {
				refused = &downloader.Error{Class: downloader.ClassURL, Reason: "no URL"}
			}
			if !yield(downloader.Item{Index: i, Line: i + 1, URL: u}, refused) {
				return
			}
		}
	}
}

// TestFailedListOfText writes the results of a list, and reads the file.
func TestFailedListOfText(t *testing.T) {
	name := filepath.Join(t.TempDir(), "failed.txt")
	f, err := NewFailedList(name, nil)
	if err != nil {
		t.Fatal(err)
	}
	for range f.Watch(source("http://a.test/0", "http://me:word@a.test/1", "http://me:word@a.test/2")) {
	}
	item := func(i int, u string) downloader.Item {
		return downloader.Item{Index: i, Line: i + 1, URL: u}
	}
	for _, r := range []downloader.Result{
		{Item: item(0, "http://a.test/0"), Status: downloader.StatusOK},
		{Item: item(1, "http://a.test/1"), Status: downloader.StatusFailed, Class: downloader.ClassHTTP4xx, HTTPStatus: 404, Attempts: 1, Error: "404 Not Found"},
		{Item: item(2, "http://a.test/2"), Status: downloader.StatusOK},
		{Item: downloader.Item{Index: 3, URL: "http://a.test/3"}, Status: downloader.StatusFailed, Class: downloader.ClassHTTP4xx, HTTPStatus: 410, Error: "gone\nfor good"},
		{Item: item(4, "ftp://a.test/4"), Status: downloader.StatusFailed, Class: downloader.ClassURL, Error: "no URL"},
		{Item: item(5, "http://a.test/5"), Status: downloader.StatusFailed, Class: downloader.ClassURL, Attempts: 1, Error: "no URL"},
		{Item: item(6, "http://a.test/6"), Status: downloader.StatusFailed, Class: downloader.ClassIO, Error: "full"},
		{Item: item(7, "http://a.test/7"), Status: downloader.StatusCanceled},
		{Item: item(8, "http://a.test/8"), Status: downloader.StatusSkipped},
	} {
		f.Observe(r)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile(name)
	if want := `# line 2: http-4xx: 404 Not Found
http://me:word@a.test/1
# http-4xx (410): gone for good
http://a.test/3
# line 5: url: no URL
# ftp://a.test/4
# line 6: url: no URL
http://a.test/5
# line 7: io: full
http://a.test/6
`; string(got) != want || err != nil {
		t.Errorf("%s\n%v; want\n%s", got, err, want)
	}
}

// TestFailedListKeepsLists names a list that is read as the file for what failed.
func TestFailedListKeepsLists(t *testing.T) {
	dir := t.TempDir()
	list, other := filepath.Join(dir, "list.txt"), filepath.Join(dir, "other.txt")
	for _, name := range []string{list, other} {
		if err := os.WriteFile(name, []byte("http://a.test/\n"), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	lists := []string{"http://a.test/", filepath.Join(dir, "none"), filepath.Join(dir, ".", "list.txt")}
	if _, err := NewFailedList(list, lists); err == nil || !strings.Contains(err.Error(), "is the list itself") {
		t.Errorf("%v", err)
	}
	if text, err := os.ReadFile(list); string(text) != "http://a.test/\n" || err != nil {
		t.Errorf("the list is %q, %v", text, err)
	}
	f, err := NewFailedList(other, lists)
	if err != nil {
		t.Fatal(err)
	}
	_ = f.Close()
	if text, err := os.ReadFile(other); len(text) != 0 || err != nil {
		t.Errorf("the list of an earlier run is still there: %q, %v", text, err)
	}
	if _, err := NewFailedList(filepath.Join(dir, "none", "x"), lists); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("%v", err)
	}
}

// TestParts cuts a list into parts. Each entry is in one of them, with its number in the list.
func TestParts(t *testing.T) {
	urls := []string{"http://a.test/0", "http://b.test/1", "no URL", "http://a.test:8080/3", "https://A.test./4", "data:image/gif;base64,R0lGODlh", "http://c.test/6"}
	for _, byHost := range []bool{false, true} {
		for of := range len(urls) + 2 {
			parts, count := map[int]int{}, 0
			for number := range max(of, 1) {
				p := Part{Number: number + 1, Of: of, ByHost: byHost}
				n := 0
				for item, err := range p.Take(source(urls...)) {
					if _, twice := parts[item.Index]; twice || item.URL != urls[item.Index] || (err != nil) != (item.URL == "no URL") {
						t.Errorf("%+v: %+v, %v", p, item, err)
					}
					parts[item.Index] = number
					n++
				}
				count += n
				if p.Listed != (of > 0) {
					t.Errorf("%+v: the list has entries", p)
				}
				if got := p.Count(len(urls)); got != n && (!byHost || of == 0) || of > 0 && byHost && got != 0 {
					t.Errorf("%+v: counts %d, has %d", p, got, n)
				}
			}
			if count != len(urls) {
				t.Errorf("%d entries in %d parts", count, of)
			}
			if byHost && (parts[0] != parts[3] || parts[0] != parts[4]) {
				t.Errorf("host a is in parts %v", parts)
			}
			if !byHost && of > 1 && parts[1] != 1 {
				t.Errorf("entry 1 is in part %d of %d, from 0", parts[1], of)
			}
		}
	}
	broken := errors.New("broken")
	p := Part{Number: 1, Of: 2}
	for _, err := range p.Take(func(yield func(downloader.Item, error) bool) { yield(downloader.Item{Index: 1}, broken) }) {
		if err != broken {
			t.Errorf("%v", err)
		}
	}
	if p.Listed {
		t.Error("an error counts as an entry")
	}
	whole, part := Part{}, Part{Number: 2, Of: 3}
	if whole.Dir("out") != "out" || filepath.Dir(part.Dir("out")) != "out" {
		t.Errorf("%q, %q", whole.Dir("out"), part.Dir("out"))
	}
}

// TestForecast has a list of which an earlier run has left some images.
func TestForecast(t *testing.T) {
	dir := t.TempDir()
	o := &downloader.Options{Dir: dir, GoneFor: time.Hour, Every: 2 * time.Second}
	urls := []string{"http://a.test/0", "http://a.test/1", "http://a.test/2", "no URL", "http://a.test/4", "http://a.test/4", "http://b.test/6", "nor this", "data:image/gif;base64,R0lGODlh"}
	src := source(urls...)
	check := func(o *downloader.Options, want Forecast) {
		t.Helper()
		got, err := NewForecast(t.Context(), o, src)
		if err != nil {
			t.Fatal(err)
		}
		hosts, wantHosts := got.Hosts, want.Hosts
		if !slices.Equal(hosts, wantHosts) || got.Listed != 9 || got.Refused != 2 || got.Duplicates != 1 ||
			got.FirstBad != "line 4, no URL: no URL" || got.Ask != want.Ask || got.Skipped != want.Skipped || got.LeftAlone != want.LeftAlone || got.Least != want.Least {
			t.Errorf("%+v, want %+v", got, want)
		}
	}
	all := Forecast{Ask: 7, Hosts: []HostShare{{"http://a.test", 5}, {"data:", 1}, {"http://b.test", 1}}, Least: 8 * time.Second}
	check(o, all)

	j, err := manifest.Open(dir, false)
	if err != nil {
		t.Fatal(err)
	}
	for i, size := range []int{4, 4} { // the second is shorter than the manifest says
		name := []string{"image_0.gif", "image_1.gif"}[i]
		if err := os.WriteFile(filepath.Join(dir, name), make([]byte, size-i), 0o666); err != nil {
			t.Fatal(err)
		}
		j.Observe(downloader.Result{Item: downloader.Item{Index: i, URL: urls[i]}, Status: downloader.StatusOK, File: name, Bytes: 4, SHA256: strings.Repeat("0", 64)})
	}
	j.Observe(downloader.Result{Item: downloader.Item{Index: 2, URL: urls[2]}, Status: downloader.StatusFailed, Class: downloader.ClassHTTP4xx, HTTPStatus: 410, Started: time.Now()})
	if err := j.Close(); err != nil {
		t.Fatal(err)
	}
	check(o, Forecast{Ask: 5, Skipped: 1, LeftAlone: 1, Hosts: []HostShare{{"http://a.test", 3}, {"data:", 1}, {"http://b.test", 1}}, Least: 4 * time.Second})
	forced, updated, delayed := *o, *o, *o
	forced.Force = true
	check(&forced, all)
	updated.Update = true
	check(&updated, Forecast{Ask: 6, LeftAlone: 1, Hosts: []HostShare{{"http://a.test", 4}, {"data:", 1}, {"http://b.test", 1}}, Least: 6 * time.Second})
	delayed.Every, delayed.Delay, delayed.GoneFor = 0, 3*time.Second, 0
	check(&delayed, Forecast{Ask: 6, Skipped: 1, Hosts: []HostShare{{"http://a.test", 4}, {"data:", 1}, {"http://b.test", 1}}, Least: 4500 * time.Millisecond})
}

// TestForecastText writes forecasts for people and as JSON.
func TestForecastText(t *testing.T) {
	var hosts []HostShare
	for i := range 10 {
		hosts = append(hosts, HostShare{"http://" + string(rune('a'+i)) + ".test", 20 - i})
	}
	for _, c := range []struct {
		f      Forecast
		has    []string
		hasNot []string
		json   string
	}{
		{Forecast{}, []string{"0 in the list: 0 to ask for, 0 skipped\nhosts: 0\n"}, []string{"left alone", "refused", "duplicates", "more", "time"},
			`{"type":"dry-run","listed":0,"ask":0,"skipped":0,"left_alone":0,"refused":0,"duplicates":0,"least_seconds":0,"hosts":[]}`},
		{Forecast{Listed: 9, Ask: 5, Skipped: 1, LeftAlone: 1, Refused: 2, Duplicates: 1, FirstBad: "line 4: no URL", Hosts: hosts[:1], Least: 1499 * time.Millisecond},
			[]string{"9 in the list: 5 to ask for, 1 skipped\n", "left alone: 1, ", "refused: 2, e.g. line 4: no URL\n", "duplicates: 1, ", "hosts: 1\n      20  http://a.test\n", "time: at least 1.5s, "},
			[]string{"more"},
			`{"type":"dry-run","listed":9,"ask":5,"skipped":1,"left_alone":1,"refused":2,"duplicates":1,"least_seconds":1.499,"hosts":[{"host":"http://a.test","images":20}]}`},
		{Forecast{Hosts: hosts}, []string{"hosts: 10\n", "http://j.test\n"}, []string{"more"}, ""},
		{Forecast{Hosts: append(hosts, HostShare{"http://z.test", 1})}, []string{"hosts: 11\n", "http://j.test\nand 1 more\n"}, []string{"http://z.test"}, ""},
	} {
		var text, line strings.Builder
		if err := errors.Join(c.f.Write(&text), c.f.WriteJSON(&line)); err != nil {
			t.Fatal(err)
		}
		for _, part := range c.has {
			if !strings.Contains(text.String(), part) {
				t.Errorf("%q is not in\n%s", part, &text)
			}
		}
		for _, part := range c.hasNot {
			if strings.Contains(text.String(), part) {
				t.Errorf("%q is in\n%s", part, &text)
			}
		}
		if c.json != "" && line.String() != c.json+"\n" {
			t.Errorf("%s\nwant %s", &line, c.json)
		}
	}
}

// TestLog writes the records of a run, as text and as JSON.
func TestLog(t *testing.T) {
	for name, words := range map[string][]string{
		"log.txt": {`level=INFO msg=begin out=images lists="[http://a.test/ list.txt]" mode=pool`,
			`level=ERROR msg=failed index=3 line=4 url=http://a.test/x class=http-4xx error="404 Not Found" http_status=404 attempts=2`,
			` attempts=2 since=2026-01-02T03:04:05.000Z`, `level=WARN msg=held host=http://a.test class=http-5xx error="503 x" wait_seconds=1.5 limit=2 waiting=3`,
			`level=WARN msg=given-up`, `level=INFO msg=retry host="" url=http://a.test/x attempts=4 wait_seconds=0`, `level=INFO msg=back host=http://a.test wait_seconds=0`,
			`level=INFO msg=end ok=1 failed=2 skipped=3 canceled=4 bytes=5 seconds=6 stopped="reached -max-images 1" error=broken`},
		"log.JSONL": {`"level":"ERROR","msg":"failed","index":3,"line":4,`, `"since":"2026-01-02T03:04:05Z"`, `"msg":"end","ok":1,`},
	} {
		path := filepath.Join(t.TempDir(), name)
		if err := os.WriteFile(path, []byte("earlier\n"), 0o666); err != nil {
			t.Fatal(err)
		}
		l, err := OpenLog(path)
		if err != nil {
			t.Fatal(err)
		}
		l.Begin(&downloader.Options{Dir: "images", Mode: downloader.Pool}, []string{"http://me:s3cret@a.test/", "list.txt"})
		r := downloader.Result{Item: downloader.Item{Index: 3, Line: 4, URL: "http://a.test/x"}, Status: downloader.StatusOK}
		l.Observe(r)
		r.Status, r.Class, r.Error, r.HTTPStatus, r.Attempts = downloader.StatusFailed, downloader.ClassHTTP4xx, "404 Not Found", 404, 2
		l.Observe(r)
		r.Since = time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
		l.Observe(r)
		l.ObserveHost(downloader.HostEvent{Host: "http://a.test", Change: downloader.HostHeld, Class: downloader.ClassHTTP5xx, Reason: "503 x", Wait: 1500 * time.Millisecond, Limit: 2, Images: 3})
		l.ObserveHost(downloader.HostEvent{Host: "http://a.test", Change: downloader.HostGivenUp})
		l.ObserveHost(downloader.HostEvent{Change: downloader.HostRetry, URL: "http://a.test/x", Tried: 4})
		l.ObserveHost(downloader.HostEvent{Host: "http://a.test", Change: downloader.HostBack})
		l.End(&downloader.Summary{OK: 1, Failed: 2, Skipped: 3, Canceled: 4, Bytes: 5, Elapsed: 6 * time.Second, Stopped: "reached -max-images 1"}, errors.New("broken"))
		l.End(&downloader.Summary{}, nil)
		if err := l.Close(); err != nil {
			t.Error(err)
		}
		text, err := os.ReadFile(path)
		if err != nil || !strings.HasPrefix(string(text), "earlier\n") || strings.Count(string(text), "\n") != 10 || strings.Contains(string(text), "s3cret") {
			t.Errorf("%s\n%v", text, err)
		}
		for _, word := range words {
			if !strings.Contains(string(text), word) {
				t.Errorf("%s: no %s in\n%s", name, word, text)
			}
		}
		if last := string(text[strings.LastIndex(strings.TrimSuffix(string(text), "\n"), "\n"):]); strings.Contains(last, "stopped") || strings.Contains(last, "error") {
			t.Errorf("an end without a reason: %s", last)
		}
		l.Observe(r) // the file is closed
		if err := l.Close(); err == nil || !strings.Contains(err.Error(), "the log is not whole") {
			t.Errorf("%v", err)
		}
	}
}
