package page

import (
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"encoding/csv"
	"encoding/json"
	"encoding/xml"
	"io/fs"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"

	"grab/downloader"
	"grab/downloader/report"
	"grab/downloader/report/saved"
)

// bar is an image of a timeline: x and width in percent of the width, y in pixels.
type bar struct{ x, width, y float64 }

// bars returns the bars of one mode.
func bars(t *testing.T, page string, mode downloader.Mode) []bar {
	t.Helper()
	var all []bar
	for _, m := range regexp.MustCompile(`<rect class="bar `+string(mode)+`[^"]*" x="([0-9.]+)%" y="([0-9.]+)" width="([0-9.]+)%"`).FindAllStringSubmatch(page, -1) {
		var v [3]float64
		for i := range v {
			var err error
			if v[i], err = strconv.ParseFloat(m[i+1], 64); err != nil {
				t.Fatal(err)
			}
		}
		all = append(all, bar{v[0], v[2], v[1]})
	}
	return all
}

// Five images on three workers are two waves: three bars start at 0, and two start where others in
// their rows end.
func TestTimelineShowsTwoWaves(t *testing.T) {
	page := write(t, Options{}, sample{5, 3, 1.85, []int{3}, ""}.experiment())
	if n := len(bars(t, page, downloader.Sequential)); n != 5 {
		t.Errorf("%d bars of sequential", n)
	}
	for _, mode := range []downloader.Mode{downloader.Pool, downloader.Process} {
		all := bars(t, page, mode)
		if len(all) != 5 {
			t.Fatalf("%s: %d bars", mode, len(all))
		}
		var first, second int
		rows := map[float64]float64{} // where each row ends so far
		for _, b := range all {
			switch {
			case b.x == 0:
				first++
			case b.x >= rows[b.y]-0.01 && b.x-rows[b.y] < 1 && rows[b.y] > 0:
				second++
			}
			rows[b.y] = b.x + b.width
		}
		if first != 3 || second != 2 || len(rows) != 3 {
			t.Errorf("%s: %d in the first wave, %d in the second, %d rows: %v", mode, first, second, len(rows), all)
		}
	}
	// All modes have the same time axis: a bar is as wide in each mode, and sequential fills the
	// axis.
	if s, p := bars(t, page, downloader.Sequential), bars(t, page, downloader.Pool); s[4].x+s[4].width < 95 || p[0].width < 0.9*s[0].width || p[0].width > 1.1*s[0].width {
		t.Errorf("sequential %v, pool %v", s, p)
	}
}

// The tick of 1000 images a second has all digits and no exponent. A bar of a few pixels has no
// border that would hide it.
func TestPageOfManyWorkers(t *testing.T) {
	page := write(t, Options{}, sample{100, 3, 0.1, []int{3, 100}, ""}.experiment())
	if !strings.Contains(page, ">1000/s<") || regexp.MustCompile(`[0-9]e[+-][0-9]`).MatchString(withoutData(page)) {
		t.Error("no tick at 1000 images a second")
	}
	if low := regexp.MustCompile(`class="bar pool[^"]*"[^>]* height="[0-4](?:\.[0-9]+)?"`).FindString(page); low == "" || strings.Contains(low, "apart") {
		t.Errorf("a bar of 100 workers is %q", low)
	}
}

// Whether a claim holds stands next to the claim, where a phone shows it too.
func TestPageOfClaims(t *testing.T) {
	e := sample{5, 6, 1.85, []int{3}, ""}.experiment()
	e.Conditions.Preset = "picsum"
	e.Comparison = report.Compare(e.Conditions, e.Runs)
	page := write(t, Options{}, e)
	for claim, holds := range map[string]string{
		"One after another takes 9.45 s.": "✓ yes", "Three processes take 0.45 s.": "✗ no", "Processes are faster than threads.": "✗ no",
	} {
		if !regexp.MustCompile(`<td class="words">` + regexp.QuoteMeta(claim) + `</td><td[^>]*><span[^>]*>` + holds + `</span></td>`).MatchString(page) {
			t.Errorf("not %s: %s", holds, claim)
		}
	}
}

// The page of two saved sweeps says which is which, and what changed at which point.
func TestPageOfTwoSweeps(t *testing.T) {
	var both []report.Experiment
	for range 2 {
		for _, point := range []string{"n=1", "n=2"} {
			both = append(both, sample{5, 3, 0.1, []int{1}, point}.experiment())
		}
	}
	page := write(t, Options{Changes: report.CompareSaved(both[:2], both[2:]), Before: 2}, both...)
	for _, want := range []string{`>Before: n=1</a>`, `>Before: n=2</a>`, `>After: n=1</a>`, `>After: n=2</a>`, `<b>n=1</b>: `, `<b>n=2</b>: `} {
		if !strings.Contains(page, want) {
			t.Errorf("no %s", want)
		}
	}
}

// A contender that was interrupted before its first round has not failed.
func TestPageOfAnInterruptedComparison(t *testing.T) {
	e := sample{5, 3, 1.85, []int{3}, ""}.experiment()
	e.Runs = e.Runs[:2]
	e.Comparison = report.Compare(e.Conditions, e.Runs)
	page := withoutData(write(t, Options{}, e))
	if strings.Contains(page, "✗") || strings.Contains(page, "n=3 failed") || !strings.Contains(page, "<li>process n=3 did not run</li>") || !strings.Contains(page, "not every round was run") {
		t.Error("it is not said, or said to have failed, that a mode did not run")
	}
}

// A page loads nothing from elsewhere.
func TestPageIsSelfContained(t *testing.T) {
	page := write(t, Options{Folder: folder(5)}, sample{5, 3, 1.85, []int{3}, ""}.experiment())
	if found := regexp.MustCompile(`(?i)https?://|="//|@import|url\(|<iframe|<object|<embed|<form`).FindAllString(withoutData(page), -1); found != nil {
		t.Errorf("%q", found)
	}
	for _, m := range regexp.MustCompile(`(?:src|href)="([^"]{0,30})`).FindAllStringSubmatch(page, -1) {
		if !strings.HasPrefix(m[1], "data:") && !strings.HasPrefix(m[1], "#") {
			t.Errorf("a link to %s", m[1])
		}
	}
	if n := strings.Count(page, "<script"); n != 1 || !strings.Contains(page, `<script type="application/json" id="data">`) {
		t.Errorf("%d scripts", n)
	}
	for _, want := range []string{`<html lang="en">`, `name="viewport"`, "prefers-color-scheme: dark", "@media print", "default-src 'none'"} {
		if !strings.Contains(page, want) {
			t.Errorf("no %s", want)
		}
	}
}

// withoutData removes the embedded data from a page, since base64 may contain anything.
func withoutData(page string) string {
	return regexp.MustCompile(`data:[a-z/]*;base64,[A-Za-z0-9+/=]*`).ReplaceAllString(page, "")
}

// Drawings are well formed, and have a description.
func TestDrawingsAreWellFormed(t *testing.T) {
	page := write(t, Options{}, sample{20, 3, 0.5, []int{1, 2, 4}, ""}.experiment())
	drawings := regexp.MustCompile(`(?s)<svg class="plot".*?</svg>\s*(?:</figure>|<figcaption>)`).FindAllString(page, -1)
	if len(drawings) < 10 {
		t.Fatalf("%d drawings", len(drawings))
	}
	for _, d := range drawings {
		d = d[:strings.LastIndex(d, "</svg>")+len("</svg>")]
		if err := xml.Unmarshal([]byte(d), new(struct{})); err != nil {
			t.Errorf("%v: %.200s", err, d)
		}
		if !regexp.MustCompile(`role="img"[^>]* aria-label="[^"]+"><desc>[^<]+</desc>`).MatchString(d) {
			t.Errorf("not in words: %.200s", d)
		}
		if strings.Contains(d, "NaN") || strings.Contains(d, "Inf") {
			t.Errorf("no numbers: %.200s", d)
		}
	}
	if !strings.Contains(page, "Images a second by number of workers") {
		t.Error("no scaling curve")
	}
}

// Texts from servers, lists and saved files cannot become markup.
func TestHostileTextsAreEscaped(t *testing.T) {
	const evil = `"><script>alert(1)</script><img src=x onerror=alert(2)>'{{.}}</title></style>&`
	e := fail(sample{5, 3, 1, []int{3}, ""}.experiment(), evil)
	c := &e.Conditions
	c.Version, c.Verify, c.Size, c.Preset, c.Sweep, c.Machine.CPU, c.Machine.OS = evil, evil, evil, evil, evil, evil, evil
	c.Modes = append(c.Modes, downloader.Mode(evil))
	for i := range e.Runs {
		for j := range e.Runs[i].Images {
			e.Runs[i].Images[j].File = evil
		}
	}
	e.Comparison = report.Compare(e.Conditions, e.Runs)
	e.Comparison.Conclusion, e.Comparison.Warnings = evil, []string{evil}
	e.Comparison.Claims = []report.Claim{{Claim: evil, Measured: evil}}
	ranked := sample{5, 3, 1, []int{3}, evil}.experiment()
	ranked.Comparison.Modes[1].Mode = evil
	ranked.Comparison.Differences[0].A, ranked.Comparison.Differences[0].Verdict = evil, evil
	changes := []report.Changes{{Conclusion: evil, Warnings: []string{evil}, List: []report.Change{{Name: evil, Verdict: evil}}}}
	for name, page := range map[string]string{
		"one": write(t, Options{}, e), "several": write(t, Options{}, ranked, e), "changes": write(t, Options{Changes: changes}, ranked, e),
	} {
		if strings.Contains(page, "<script>") || strings.Contains(page, "<img src=x") || strings.Count(page, "<script") != 1 ||
			strings.Count(page, "</title>") != strings.Count(page, "<title>") || strings.Count(page, "</style>") != 1 {
			t.Errorf("%s: a text became markup", name)
		}
		if !strings.Contains(page, "&lt;script&gt;alert(1)") {
			t.Errorf("%s: the text is not shown", name)
		}
	}
}

// If the children of a mode died, nothing is ranked, and that mode shows no time.
func TestFailedModeIsNotRanked(t *testing.T) {
	e := fail(sample{5, 2, 1.85, []int{3}, ""}.experiment(), "start the workers: exit status 1")
	page := withoutData(write(t, Options{Folder: folder(5)}, e))
	text := page[:strings.Index(page, `<script type="application/json"`)]
	for _, want := range []string{`role="alert"`, "Nothing is ranked", "process n=3 failed", "exit status 1"} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q", want)
		}
	}
	for _, never := range []string{`\d×`, `450 ms`, `class="tiles"`, `Times and their spread`, `aria-label="CPU time"`, `is faster`} {
		if found := regexp.MustCompile(never).FindString(text); found != "" {
			t.Errorf("the page has %q", found)
		}
	}
	if n := len(bars(t, page, downloader.Process)); n != 0 {
		t.Errorf("%d bars of what did nothing", n)
	}
}

// The page contains the complete raw data, which can be read back unchanged.
func TestDataComesBack(t *testing.T) {
	e := sample{5, 3, 1.85, []int{3}, ""}.experiment()
	page := write(t, Options{}, e)
	again, err := saved.Read(bytes.NewReader(linked(t, page, "application/gzip")))
	if err != nil || len(again) != 1 || len(again[0].Runs) != len(e.Runs) || len(again[0].Runs[0].Images) != 5 || !again[0].Comparison.Ranked {
		t.Errorf("%v: %+v", err, again)
	}
	rows, err := csv.NewReader(bytes.NewReader(linked(t, page, "text/csv"))).ReadAll()
	if err != nil || len(rows) != 1+len(e.Runs) {
		t.Errorf("%v: %d rows", err, len(rows))
	}
	_, data, _ := strings.Cut(page, `<script type="application/json" id="data">`)
	data, _, _ = strings.Cut(data, "</script>")
	var summaries []summary
	if err := json.Unmarshal([]byte(data), &summaries); err != nil || len(summaries) != 1 || summaries[0].Comparison.Images != 5 {
		t.Errorf("%v: %.200s", err, data)
	}
}

// linked returns the content of the data link of a type.
func linked(t *testing.T, page, kind string) []byte {
	t.Helper()
	m := regexp.MustCompile(`href="data:` + kind + `;base64,([A-Za-z0-9+/=]*|[^"]*)"`).FindStringSubmatch(page)
	if m == nil {
		t.Fatalf("no link to %s", kind)
	}
	data, err := base64.StdEncoding.DecodeString(strings.ReplaceAll(m[1], "&#43;", "+"))
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// A page is smaller than a megabyte, whatever it shows, and says what it leaves out.
func TestPageSize(t *testing.T) {
	var sweep []report.Experiment
	for _, at := range []string{"n=1", "n=2", "n=4", "n=8", "n=16", "n=32"} {
		sweep = append(sweep, sample{100, 6, 0.1, []int{3, 100}, at}.experiment())
	}
	for name, test := range map[string]struct {
		experiments []report.Experiment
		says        string
	}{
		"100 images":    {[]report.Experiment{sample{100, 6, 1, []int{3, 100}, ""}.experiment()}, "image_99.jpg"},
		"11 contenders": {[]report.Experiment{sample{100, 6, 0.1, []int{1, 2, 4, 8, 16}, ""}.experiment()}, "without the single images"},
		"2000 images":   {[]report.Experiment{sample{2000, 1, 0.01, []int{16}, ""}.experiment()}, "too many images to draw one by one (2000 images"},
		"a sweep":       {sweep, "A sweep over n, 6 comparisons"},
		"1000 rounds":   {[]report.Experiment{sample{2, 1000, 0.1, []int{2}, ""}.experiment()}, "200 of 1000 rounds"},
	} {
		page := write(t, Options{Folder: folder(100)}, test.experiments...)
		t.Logf("%s: %d bytes", name, len(page))
		if len(page) > 1_000_000 {
			t.Errorf("%s: %d bytes", name, len(page))
		}
		if !strings.Contains(page, test.says) {
			t.Errorf("%s: it does not say %q", name, test.says)
		}
	}
}

// The contact sheet leaves out images that are missing or were replaced.
func TestContactSheet(t *testing.T) {
	e := sample{4, 1, 0.1, []int{2}, ""}.experiment()
	e.Runs[0].Images[3].File = "../secret.jpg"
	files := fstest.MapFS{
		"image_0.jpg": {Data: picture(0)},
		"image_1.jpg": {Data: picture(0)}, // not the image that was fetched
	}
	page := write(t, Options{Folder: func(*report.Run) fs.FS { return files }}, e)
	if n := strings.Count(page, `src="data:image/jpeg`); n != 1 || !strings.Contains(page, "3 images are no longer there") {
		t.Errorf("%d thumbnails", n)
	}
	page = write(t, Options{Folder: folder(150)}, sample{150, 1, 0.1, []int{2}, ""}.experiment())
	if n := strings.Count(page, `src="data:image/jpeg`); n != 100 || !strings.Contains(page, "The first 100 of 150 images.") {
		t.Errorf("%d thumbnails of 150 images", n)
	}
	if page := write(t, Options{}, e); strings.Contains(page, "The images</h3>") {
		t.Error("a sheet without a folder")
	}
}

func TestThumbnails(t *testing.T) {
	if s := thumbnailOf(picture(1)); s == nil || s.size.X != 60 || s.size.Y != 90 {
		t.Errorf("a small picture: %+v", s)
	}
	for name, data := range map[string][]byte{"nothing": nil, "text": []byte("hello"), "a cut image": picture(1)[:300]} {
		if thumbnailOf(data) != nil {
			t.Errorf("%s has a thumbnail", name)
		}
	}
	var z bytes.Buffer
	gzip.NewWriter(&z).Close()
	if thumbnailOf(z.Bytes()) != nil {
		t.Error("gzip has a thumbnail")
	}
}
