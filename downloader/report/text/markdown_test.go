package text

import (
	"io"
	"strings"
	"testing"

	"grab/downloader/report"
	"grab/downloader/report/internal/reporttest"
)

func TestMarkdown(t *testing.T) {
	write := func(e report.Experiment) string {
		return reporttest.Written(t, func(b io.Writer) error { return WriteMarkdown(b, []report.Experiment{e}) })
	}
	e := reporttest.Experiment(nil)
	e.Comparison.Conclusion, e.Comparison.Warnings = "Three `workers` | [need](x) two.", []string{"It is <i>short</i>.", "The <b>machine</b> was busy."}
	e.Comparison.Caveats = e.Comparison.Warnings[:1]
	e.Comparison.Claims = []report.Claim{{Claim: "A", Measured: "B", Holds: true}, {Claim: "C", Measured: "D"}, {Claim: "E", Measured: "F", Undecided: true}}
	got := write(e)
	for _, want := range []string{
		"**Three \\`workers\\` \\| \\[need\\](x) two.**\n", "\n- Caution: It is \\<i\\>short\\</i\\>.\n\n| contender |", "\n| pool n=3 | 5/5 | 3.700 |", " | 2.50× | 0.050 | 8.4 MB |\n",
		"\n- Warning: The \\<b\\>machine\\</b\\> was busy.\n",
		"\n- holds: A. Measured: B\n", "\n- does not hold: C. Measured: D\n", "\n- cannot be decided: E. Measured: F\n",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("no %q in\n%s", want, got)
		}
	}
	got = write(reporttest.Broken())
	if !strings.Contains(got, "Nothing is ranked.\n\n") || !strings.Contains(got, "| process n=3 | 0/5 | FAILED |") || strings.Contains(got, "×") ||
		!strings.Contains(got, "- process n=3 failed: start the workers: =1 \\| exit status 1\n") || strings.Contains(got, "0.450") {
		t.Errorf("ranked, with a mode that failed:\n%s", got)
	}
	for line := range strings.Lines(got) {
		if strings.HasPrefix(line, "|") && strings.Count(line, "|")-strings.Count(line, "\\|") != 11 {
			t.Errorf("not ten cells: %s", line)
		}
	}
}
