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
	f := &Failures{}
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
61\.7 kB in 2\.000 s, 2\.0 images/s; mode pool, 16 workers; CPU 1\.500 s, memory 1\.5 MiB
failed: 2 × stall, as argument http://a/2: silence
failed: 1 × dns
failed: 1 × http-4xx, as line 7, http://a/1: 404 Not Found
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
