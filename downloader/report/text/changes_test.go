package text

import (
	"io"
	"strings"
	"testing"

	"grab/downloader/report"
	"grab/downloader/report/internal/reporttest"
)

// TestChanges writes the changes between two files: two points of a sweep, of which one cannot
// be compared.
func TestChanges(t *testing.T) {
	long := strings.TrimSpace(strings.Repeat("word ", 20))
	all := []report.Changes{
		{Type: "changes", Sweep: "n=3", List: []report.Change{
			{Name: "pool", Before: 1.5, After: 3, Ratio: 2, P: 0.25, PAdjusted: 0.5, Different: true, Verdict: "takes longer | now"},
			{Name: "sequential", Before: 10, After: 10.0004, Ratio: 1.00004, Verdict: long},
		}, Warnings: []string{"the machine was busy"}, Conclusion: "One of them is slower."},
		{Type: "changes", Conclusion: "There is nothing to compare."},
	}
	for name, c := range map[string]struct {
		write func(io.Writer, []report.Changes) error
		want  string
	}{
		"text": {WriteChanges, `
Before and after, n=3; times in seconds

  contender   before  after   ratio
  pool        1.500   3.000   2.000
  sequential  10.000  10.000  1.000

  pool: takes longer | now
  sequential: ` + long[:64] + `
  ` + long[65:] + `

the machine was busy
One of them is slower.

Before and after; times in seconds

There is nothing to compare.
`},
		"Markdown": {WriteChangesMarkdown, `
**n=3 One of them is slower.**

| contender | before s | after s | ratio | verdict |
| --- | ---: | ---: | ---: | --- |
| pool | 1.500 | 3.000 | 2.000 | takes longer \| now |
| sequential | 10.000 | 10.000 | 1.000 | ` + long + ` |

- Warning: the machine was busy

**There is nothing to compare.**
`},
		"JSON": {WriteChangesJSON, `{"type":"changes","sweep":"n=3","contenders":[{"name":"pool","before_seconds":1.5,"after_seconds":3,"ratio":2,"p":0.25,"p_adjusted":0.5,"different":true,"verdict":"takes longer | now"},` +
			`{"name":"sequential","before_seconds":10,"after_seconds":10.0004,"ratio":1.00004,"p":0,"p_adjusted":0,"different":false,"verdict":"` + long + `"}],"warnings":["the machine was busy"],"conclusion":"One of them is slower."}
{"type":"changes","contenders":null,"conclusion":"There is nothing to compare."}
`},
	} {
		if got := reporttest.Written(t, func(w io.Writer) error { return c.write(w, all) }); got != c.want {
			t.Errorf("%s:\n%s\nwant:\n%s", name, got, c.want)
		}
		if err := c.write(&picky{writes: 1, err: io.ErrClosedPipe}, all); err != io.ErrClosedPipe {
			t.Errorf("%s: %v of a writer that fails", name, err)
		}
	}
}

// TestFindings writes what follows from the figures.
func TestFindings(t *testing.T) {
	pair := func(a string, different, tooFew bool) report.Difference {
		return report.Difference{A: a, B: "b", Different: different, TooFew: tooFew, Verdict: "verdict on " + a}
	}
	for _, c := range []struct {
		c    report.Comparison
		want string
	}{
		{report.Comparison{}, ""},
		{report.Comparison{Differences: []report.Difference{pair("a", false, true), pair("c", false, true)}}, "\nDifferences in time (Mann-Whitney U test with Holm's correction):\n  too few rounds to tell any two apart\n"},
		{report.Comparison{Differences: []report.Difference{pair("a", true, false), pair("c", false, true)}}, "\nDifferences in time (Mann-Whitney U test with Holm's correction):\n  verdict on a\n  c and b: verdict on c\n"},
		{report.Comparison{Differences: []report.Difference{pair("1", true, false), pair("2", true, false), pair("3", true, false), pair("4", true, false), pair("5", true, false), pair("6", true, false)}},
			"\nDifferences in time (Mann-Whitney U test with Holm's correction):\n  verdict on 1\n  verdict on 2\n  verdict on 3\n  verdict on 4\n  verdict on 5\n  verdict on 6\n"},
		{report.Comparison{Differences: []report.Difference{pair("1", true, false), pair("2", true, false), pair("3", true, false), pair("4", true, false), pair("5", false, false), pair("6", true, false), pair("7", true, false)}},
			"\nDifferences in time (Mann-Whitney U test with Holm's correction):\n  5 and b: verdict on 5\n  the other 6 pairs differ\n"},
		{report.Comparison{Caveats: []string{"at the top"}, Warnings: []string{"at the top", "one", "two"}, Conclusion: "So it is."}, "\nWarnings:\n  one\n  two\n\nSo it is.\n"},
		{report.Comparison{Claims: []report.Claim{{Claim: "one", Measured: "1", Holds: true}, {Claim: "two", Measured: "2"}, {Claim: "three", Measured: "3", Undecided: true}}},
			"\nWhat was claimed, and what was measured:\n  one\n    1: it holds\n  two\n    2: it does not hold\n  three\n    3\n"},
	} {
		var b strings.Builder
		if findings(&b, &c.c); b.String() != c.want {
			t.Errorf("%q, want %q", b.String(), c.want)
		}
	}
}

// TestWrap breaks lines between words, so that none has 80 columns.
func TestWrap(t *testing.T) {
	x := strings.Repeat("x", 38)
	for text, want := range map[string]string{
		"": "\n", " a  b ": "- a b\n", x + " " + x: "- " + x + " " + x + "\n", x + " " + x + "y": "- " + x + "\n- " + x + "y\n", "é" + x[1:] + " " + x: "- é" + x[1:] + " " + x + "\n",
		strings.Repeat("y", 99) + " z": "- " + strings.Repeat("y", 99) + "\n- z\n",
	} {
		var b strings.Builder
		if wrap(&b, "- ", text); b.String() != want {
			t.Errorf("%q: %q, want %q", text, b.String(), want)
		}
	}
}
