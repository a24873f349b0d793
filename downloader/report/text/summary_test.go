package text

import (
	"bytes"
	"regexp"
	"strings"
	"testing"

	"grab/downloader"
	"grab/downloader/report/internal/reporttest"
)

// The most frequent failure comes first, each with the first example of its class. A class without
// an example is listed as well.
func TestSummary(t *testing.T) {
	f := &Failures{Dir: "my images"}
	for _, r := range []downloader.Result{
		{Item: downloader.Item{Line: 7, URL: "http://a/1"}, Status: downloader.StatusFailed, Class: downloader.ClassHTTP4xx, Error: "404 Not Found"},
		{Item: downloader.Item{URL: "http://a/2"}, Status: downloader.StatusFailed, Class: downloader.ClassStall, Error: "silence"},
		{Item: downloader.Item{Line: 9, URL: "http://a/3"}, Status: downloader.StatusFailed, Class: downloader.ClassStall, Error: "another"},
		{Item: downloader.Item{Line: 3, URL: "http://a/4"}, Status: downloader.StatusOK},
		{Item: downloader.Item{Line: 4, URL: "http://a/5"}, Status: downloader.StatusCanceled, Class: downloader.ClassCanceled, Error: "interrupted"},
	} {
		f.Observe(r)
	}
	var b bytes.Buffer
	summary := reporttest.Summary()
	summary.NotDecoded = 2
	if err := WriteSummary(&b, summary, f); err != nil {
		t.Fatal(err)
	}
	want := `^10 images: 4 ok, 4 failed, 1 skipped, 1 interrupted
61\.7 kB in 2\.000 s, 2\.0 images/s
mode pool, 16 workers; CPU 1\.500 s, memory 1\.6 MB
2 failed with stall, e\.g\. argument http://a/2: silence
1 failed with dns
1 failed with HTTP 4xx, e\.g\. line 7, http://a/1: 404 Not Found
the rest: grab status -failed 'my images' \(URLs\), grab status -csv 'my images' \(reasons\)
not decoded: 2 images, whole but of a format or variant that grab cannot decode
$`
	if !regexp.MustCompile(want).MatchString(b.String()) {
		t.Errorf("got:\n%s", &b)
	}

	b.Reset()
	none := downloader.Summary{Mode: downloader.Sequential, Workers: 1}
	if err := WriteSummary(&b, none, &Failures{}); err != nil {
		t.Fatal(err)
	}
	if text := b.String(); !strings.HasPrefix(text, "0 images: 0 ok, 0 failed, 0 skipped\n") || strings.Contains(text, "NaN") ||
		strings.Contains(text, "workers") || strings.Contains(text, "memory") {
		t.Errorf("got:\n%s", text)
	}
}

// With -q only failures are said, and none if there are none. Where every failure has its example,
// nothing is said of a rest.
func TestFailures(t *testing.T) {
	f := &Failures{Dir: "images"}
	f.Observe(downloader.Result{Item: downloader.Item{Line: 7, URL: "http://a/1"}, Status: downloader.StatusFailed, Class: downloader.ClassHTTP5xx, Error: "503"})
	s := downloader.Summary{Total: 3, OK: 2, Failed: 1, Classes: map[downloader.Class]int{downloader.ClassHTTP5xx: 1}}
	var b bytes.Buffer
	want := "grab: 1 of 3 images failed\n1 failed with HTTP 5xx, e.g. line 7, http://a/1: 503\n"
	if err := WriteFailures(&b, s, f); err != nil || b.String() != want {
		t.Errorf("got %q (%v), want %q", &b, err, want)
	}
	b.Reset()
	if err := WriteFailures(&b, downloader.Summary{Total: 3, OK: 3}, f); err != nil || b.Len() > 0 {
		t.Errorf("no failure: %q, %v", &b, err)
	}
}

// TestHostsOfFailures checks that only what names a host is in the table of hosts.
func TestHostsOfFailures(t *testing.T) {
	f := &Failures{}
	for url, class := range map[string]downloader.Class{
		"http://a/1": downloader.ClassHTTP5xx, "http://a/2": downloader.ClassConnect, "http://b/1": downloader.ClassConnect, "ftp://c/1": downloader.ClassURL,
	} {
		f.Observe(downloader.Result{Item: downloader.Item{Line: 1, URL: url}, Status: downloader.StatusFailed, Class: class, Error: "x"})
	}
	var b bytes.Buffer
	if err := WriteFailures(&b, downloader.Summary{Total: 4, Failed: 4}, f); err != nil {
		t.Fatal(err)
	}
	if want := "grab: 4 of 4 images failed\nof 2 hosts:\n       2  http://a\n       1  http://b\n"; b.String() != want {
		t.Errorf("got %q, want %q", &b, want)
	}
}

func TestShellWord(t *testing.T) {
	for path, want := range map[string]string{
		"images": "images", "a/b-c.d": "a/b-c.d", "a b": "'a b'", "it's": `'it'\''s'`, "$HOME": "'$HOME'", "-x": "./-x", "ä": "'ä'",
	} {
		if got := shellWord(path); got != want {
			t.Errorf("%q: got %s, want %s", path, got, want)
		}
	}
}

// TestNotes says what else there is, also if it is one.
func TestNotes(t *testing.T) {
	var b strings.Builder
	if writeNotes(&b, downloader.Summary{}); b.Len() > 0 {
		t.Errorf("%q", b.String())
	}
	writeNotes(&b, downloader.Summary{Known: 1, NotDecoded: 1, Changed: 1, Earlier: 1})
	for _, want := range []string{"known: 1 failure, ", "\nnot decoded: 1 image, ", "\nchanged: 1 file, ", "\nearlier: 1 image from"} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("no %q in %q", want, b.String())
		}
	}
}
