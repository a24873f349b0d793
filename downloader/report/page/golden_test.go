package page

import (
	"crypto/sha256"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"grab/downloader/report"
)

// TestPagesAsTheyWere compares pages with those that somebody has looked at. After a change of
// the page, look at the files that the failure names, and put their hashes here.
func TestPagesAsTheyWere(t *testing.T) {
	if runtime.GOARCH != "amd64" {
		t.Skip("other processors round some figures in another way")
	}
	var sweep []report.Experiment
	for _, at := range []string{"n=1", "n=4", "n=16"} {
		sweep = append(sweep, sample{20, 6, 0.1, []int{3, 9}, at}.experiment())
	}
	for name, c := range map[string]struct {
		experiments []report.Experiment
		want        string
	}{
		"few":     {[]report.Experiment{sample{5, 6, 1.85, []int{3}, ""}.experiment()}, "6f866d9a5b455c5f"},
		"many":    {[]report.Experiment{sample{100, 6, 0.05, []int{1, 2, 4, 8, 16}, ""}.experiment()}, "f6aeedffb37553e8"},
		"crowded": {[]report.Experiment{sample{700, 1, 0.01, []int{100}, ""}.experiment()}, "f5dbb8effa95ab85"},
		"failed":  {[]report.Experiment{fail(sample{9, 2, 0.5, []int{2}, ""}.experiment(), "they died")}, "8c9de278ac8329f9"},
		"broken":  {[]report.Experiment{sweep[0], fail(sample{20, 6, 0.1, []int{3, 9}, "n=5"}.experiment(), "they died")}, "8f682a4a4bc05cbc"},
		"sweep":   {sweep, "a124a4aa39a25e69"},
	} {
		page := withoutData(write(t, Options{Folder: folder(20)}, c.experiments...))
		if got := fmt.Sprintf("%x", sha256.Sum256([]byte(page)))[:16]; got != c.want {
			file := filepath.Join(os.TempDir(), "grab-page-"+name+".html")
			if err := os.WriteFile(file, []byte(page), 0o666); err != nil {
				t.Fatal(err)
			}
			t.Errorf("%s: the hash is %q, not %q: see %s", name, got, c.want, file)
		}
	}
}
