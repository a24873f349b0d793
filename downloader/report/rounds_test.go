package report_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"grab/downloader"
	. "grab/downloader/report"
	"grab/downloader/report/internal/reporttest"
)

// With the number of rounds that EnoughRounds returns, contenders whose times do not overlap are
// all different, and each median has an interval. With one round less one of the two is missing.
func TestEnoughRounds(t *testing.T) {
	for _, test := range []struct {
		modes   []downloader.Mode
		workers []int
		want    int
	}{
		{[]downloader.Mode{downloader.Pool}, []int{3}, 6},
		{downloader.Modes(), []int{3}, 6},
		{downloader.Modes(), []int{1, 2, 4}, 6},
		{downloader.Modes(), []int{1, 2, 4, 8}, 7},
		{downloader.Modes(), []int{1, 2, 3, 4, 5, 6, 7}, 8},
	} {
		c := reporttest.Conditions(0)
		c.Modes, c.Workers = test.modes, test.workers
		if got := c.EnoughRounds(); got != test.want {
			t.Errorf("%v %v: %d rounds, want %d", test.modes, test.workers, got, test.want)
		}
		for rounds, enough := range map[int]bool{test.want: true, test.want - 1: false} {
			c.Rounds = rounds
			var runs []Run
			for i, who := range c.Contenders() {
				for round := range rounds {
					r := reporttest.Run(who.Mode, round, time.Duration(i+1)*time.Second+time.Duration(round)*time.Millisecond)
					r.Workers = who.Workers
					runs = append(runs, r)
				}
			}
			compared := Compare(c, runs)
			missing := slices.ContainsFunc(compared.Differences, func(d Difference) bool { return !d.Different }) ||
				slices.ContainsFunc(compared.Modes, func(f Figures) bool { return f.Confidence == 0 })
			if missing == enough {
				t.Errorf("%d contenders, %d rounds: something is missing: %v", len(c.Contenders()), rounds, missing)
			}
		}
	}
}

// What puts the conclusion in doubt is a caveat, and the first of the warnings.
func TestCaveats(t *testing.T) {
	for want, spoil := range map[string]func(*Run){
		"":                          nil,
		"The runs are too short: ":  func(r *Run) { r.Seconds /= 100 },
		"The machine was busy: ":    func(r *Run) { r.OtherCPUSeconds = r.Seconds },
		"With 2 rounds and 3 pairs": nil,
	} {
		c := reporttest.Conditions(6)
		var runs []Run
		for round := range 6 {
			for _, mode := range c.Modes {
				r := reporttest.Run(mode, round, 3*time.Second+time.Duration(round)*time.Millisecond)
				r.OtherCPUSeconds = 0
				if spoil != nil {
					spoil(&r)
				}
				runs = append(runs, r)
			}
		}
		if strings.HasPrefix(want, "With") {
			c, runs = reporttest.Conditions(2), reporttest.Runs()
		}
		got := Compare(c, runs)
		if want == "" && len(got.Caveats) > 0 || want != "" && (len(got.Caveats) != 1 || !strings.HasPrefix(got.Caveats[0], want)) {
			t.Errorf("caveats %q, want %q", got.Caveats, want)
		}
		if !slices.Equal(slices.Concat(got.Caveats, got.OtherWarnings()), got.Warnings) {
			t.Errorf("warnings %q, of them caveats %q", got.Warnings, got.Caveats)
		}
	}
}
