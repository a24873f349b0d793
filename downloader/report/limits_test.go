package report

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"grab/downloader"
)

// pair returns the difference between two contenders.
func pair(a, b *Figures, different bool) Difference {
	return Difference{A: a.Name(), B: b.Name(), Ratio: a.Median / b.Median, Different: different, Verdict: "verdict"}
}

// compared returns a ranked comparison of contenders, of which only the named pairs differ.
func compared(images int, modes []Figures, different ...string) *Comparison {
	c := &Comparison{Ranked: true, Identical: true, Images: images, Rounds: 9, Planned: 9, Modes: modes}
	for i := range modes {
		for j := i + 1; j < len(modes); j++ {
			d := pair(&modes[i], &modes[j], false)
			d.Different = slices.Contains(different, d.A+" "+d.B)
			c.Differences = append(c.Differences, d)
		}
	}
	return c
}

func pool(workers int, median float64) Figures {
	return Figures{Mode: downloader.Pool, Workers: workers, Median: median}
}

func process(workers int, median float64) Figures {
	return Figures{Mode: downloader.Process, Workers: workers, Median: median}
}

func sequential(median float64) Figures {
	return Figures{Mode: downloader.Sequential, Workers: 1, Median: median}
}

// TestBottleneck has figures on both sides of each limit.
func TestBottleneck(t *testing.T) {
	const cores = "the cores, not the workers, are the limit."
	figures := func(cpu, server, wait float64, workers, connections, inFlight int) Figures {
		f := pool(workers, 2)
		f.CPUSeconds, f.ServerCPU, f.WaitShare, f.Connections, f.PeakInFlight = cpu, server, wait, connections, inFlight
		return f
	}
	for _, c := range []struct {
		f    Figures
		cpus int
		want string
	}{
		{figures(3, 0, 0.9, 3, 0, 0), 2, "The machine's processors were busy for 75 % of the time: " + cores},
		{figures(2.99, 0, 0.9, 3, 0, 0), 2, "90 % of the workers' time was waiting."},
		{figures(3, 0.3, 0.9, 3, 0, 0), 2, "The machine's processors were busy for 82 % of the time: " + cores},
		{figures(3, 0.31, 0.9, 3, 0, 0), 2, "The machine's processors were busy for 83 % of the time, the embedded server included: " + cores},
		{figures(9, 0, 0.9, 3, 0, 0), 2, "The machine's processors were busy for 100 % of the time: " + cores},
		{figures(1.6, 0, 0.9, 3, 0, 0), 0, "The machine's processors were busy for 80 % of the time: " + cores},
		{figures(2, 0, 0.9, 3, 0, 0), 2, "90 % of the workers' time was waiting: more workers can help."},
		{figures(2.01, 0, 0.9, 3, 0, 0), 2, "90 % of the workers' time was waiting."},
		{figures(0, 0, 0.49, 3, 0, 0), 2, "The work took 51 % of the workers' time in CPU."},
		{figures(0, 0, 0.5, 3, 0, 0), 2, "50 % of the workers' time was waiting: more workers can help."},
		{figures(0, 0, 0.9, 4, 0, 0), 2, "90 % of the workers' time was waiting: more workers can help."},
		{figures(0, 0, 0.9, 5, 0, 0), 2, "90 % of the workers' time was waiting: every image had a worker of its own, so more cannot help."},
		{figures(0, 0, 0.9, 3, 1, 2), 2, "90 % of the workers' time was waiting."},
		{figures(0, 0, 0.9, 3, 1, 3), 2, "90 % of the workers' time was waiting: more workers can help."},
	} {
		if got := compared(5, []Figures{c.f}).bottleneckSentence(c.cpus); got != c.want {
			t.Errorf("%+v\n%s, want\n%s", c.f, got, c.want)
		}
	}
}

// TestSentences has comparisons for each sentence of a conclusion.
func TestSentences(t *testing.T) {
	sized := func(f Figures, bytes int64) Figures { f.PeakRSSBytes = bytes; return f }
	other := func(workers int, median float64) Figures {
		return Figures{Mode: "other", Workers: workers, Median: median}
	}
	for _, c := range []struct {
		c    *Comparison
		want []string // the speed-up, processes, enough workers, and other programs
	}{
		{compared(5, []Figures{sequential(9)}), []string{"", "", ""}},
		{compared(5, []Figures{sequential(9), pool(1, 9)}), []string{"Nothing was faster than one after another.", "", ""}},
		{compared(5, []Figures{sequential(9), pool(1, 8)}), []string{"pool n=1 is not clearly faster than one after another: verdict.", "", ""}},
		{compared(5, []Figures{sequential(9), pool(1, 6)}, "sequential pool n=1"), []string{"With 1 worker (pool) the list is done 1.50x as fast as one after another.", "", ""}},
		{compared(5, []Figures{pool(1, 6), pool(2, 3), pool(4, 3.5)}, "pool n=1 pool n=2", "pool n=1 pool n=4"),
			[]string{"pool n=2 is 2.00x as fast as pool n=1.", "", "More than 2 workers, up to 4, made no significant difference."}},
		{compared(5, []Figures{pool(8, 3.1), pool(4, 3), pool(2, 3.2), pool(1, 6)}, "pool n=8 pool n=1", "pool n=4 pool n=1", "pool n=2 pool n=1"),
			[]string{"pool n=4 is 2.00x as fast as pool n=1.", "", "More than 2 workers, up to 8, made no significant difference."}},
		{compared(5, []Figures{pool(1, 6), pool(2, 3), process(4, 9)}), []string{"", "", "More than 1 worker, up to 2, made no significant difference."}},
		{compared(5, []Figures{pool(1, 6), pool(2, 3)}, "pool n=1 pool n=2"), []string{"pool n=2 is 2.00x as fast as pool n=1.", "", ""}},
		{compared(5, []Figures{process(2, 2), pool(2, 4)}, "process n=2 pool n=2"), []string{"", "process n=2 is faster than pool n=2: 0.50x the time.", ""}},
		{compared(5, []Figures{sized(pool(2, 2), 10), sized(process(2, 4), 25)}, "pool n=2 process n=2"),
			[]string{"", "process n=2 is slower than pool n=2: 2.00x the time, and 2.5x the memory.", ""}},
		{compared(5, []Figures{sized(pool(2, 4), 1), sized(process(2, 3), 3)}, "pool n=2 process n=2"),
			[]string{"", "process n=2 is faster than pool n=2: 0.75x the time, for 3.0x the memory.", ""}},
		{compared(5, []Figures{pool(2, 1.04), process(2, 1), pool(3, 9), process(4, 9)}),
			[]string{"", "process n=2 gains nothing over pool n=2 (verdict).", "More than 2 workers, up to 4, made no significant difference."}},
		{compared(5, []Figures{pool(2, 1.06), sized(process(2, 1), 5)}), []string{"", "process n=2 is neither clearly faster nor clearly slower than pool n=2 (verdict).", ""}},
		{compared(5, []Figures{sized(pool(2, 0.9), 4), sized(process(2, 1), 6)}),
			[]string{"", "process n=2 is neither clearly faster nor clearly slower than pool n=2 (verdict) and takes 1.5x the memory.", ""}},
		{compared(5, []Figures{pool(2, 2), other(2, 4)}, "pool n=2 other n=2"), []string{"", "", "", "pool n=2 is 2.00x as fast as other n=2."}},
		{compared(5, []Figures{pool(2, 2), other(2, 1)}, "pool n=2 other n=2"), []string{"", "", "", "other n=2 is 2.00x as fast as pool n=2."}},
		{compared(5, []Figures{pool(2, 2), other(2, 1)}), []string{"", "", "", "pool n=2 and other n=2: verdict."}},
		{compared(5, []Figures{pool(2, 2), pool(4, 1), process(2, 3), other(2, 5), other(0, 5)}, "pool n=2 other n=2", "pool n=4 other"),
			[]string{"", "process n=2 is neither clearly faster nor clearly slower than pool n=2 (verdict).", "More than 2 workers, up to 4, made no significant difference.",
				"pool n=2 is 2.50x as fast as other n=2.", "pool n=4 is 5.00x as fast as other."}},
	} {
		got := append([]string{c.c.speedupSentence(), c.c.processSentence(), c.c.enoughWorkersSentence()}, c.c.programSentences()...)
		if !slices.Equal(got, c.want) {
			t.Errorf("%v:\n%q, want\n%q", c.c.Modes, got, c.want)
		}
	}
}

// TestNotRankedSentence says why, the first reason that there is.
func TestNotRankedSentence(t *testing.T) {
	failed, ran, never := pool(2, 0), pool(3, 0), pool(4, 0)
	failed.Error, failed.Seconds = "x", []float64{1}
	ran.Seconds = []float64{1}
	never.Error = "it did not run"
	for _, c := range []struct {
		c    Comparison
		want string
	}{
		{Comparison{Modes: []Figures{never, failed}}, "pool n=2 failed (x)"},
		{Comparison{Modes: []Figures{never}}, "there was nothing to fetch"},
		{Comparison{Images: 1, Modes: []Figures{never}}, "not every round was run"},
		{Comparison{Images: 1, Identical: true, Modes: []Figures{ran}}, "not every round was run"},
		{Comparison{Images: 1, Modes: []Figures{ran}}, "the modes did not fetch the same bytes"},
	} {
		if got, want := c.c.conclusion(1), "Nothing is ranked: "+c.want+"."; got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

// TestTimingWarnings has rounds on both sides of each limit.
func TestTimingWarnings(t *testing.T) {
	const (
		slower = "each round was slower than the one before: something grows, or heats up"
		faster = "each round was faster than the one before: something is still warming up"
		first  = "the first round was slower than all others: something was cold"
	)
	apart := func(low, high float64) string {
		return fmt.Sprintf("the rounds lie far apart, from %.3f to %.3f s", low, high)
	}
	for _, c := range []struct {
		median  float64
		seconds []float64
		want    []string
	}{
		{1, []float64{1, 9}, nil},
		{1, []float64{0.0049, 0, 0}, nil},
		{0.001, []float64{0.005, 0, 0}, []string{apart(0, 0.005), first}},
		{5, []float64{4, 5, 4.5}, nil},
		{5, []float64{4, 5.01, 4.5}, []string{apart(4, 5.01)}},
		{100, []float64{100, 100.2, 100.5, 101}, nil},
		{100, []float64{100, 100.2, 100.5, 100.7, 101}, nil},
		{100, []float64{100, 100.2, 100.5, 100.7, 101.1}, []string{slower}},
		{100, []float64{101.1, 100.7, 100.5, 100.2, 100}, []string{faster}},
		{100, []float64{100.2, 100, 100.5, 100.7, 101.1}, nil},
		{100, []float64{101.1, 100, 100.5, 100.2, 100.1}, nil},
		{40, []float64{6, 5, 4}, nil},
		{40, []float64{6.1, 5, 4}, []string{first}},
		{40, []float64{6.1, 4, 5, 4, 4}, []string{first}},
		{40, []float64{8, 4, 3, 2, 1}, []string{faster}},
	} {
		f := Figures{Median: c.median, Seconds: c.seconds, Min: slices.Min(c.seconds), Max: slices.Max(c.seconds)}
		if got := f.timingWarnings(); !slices.Equal(got, c.want) {
			t.Errorf("%v around %v: %q, want %q", c.seconds, c.median, got, c.want)
		}
	}
}

// TestWarningLimits has figures and runs on both sides of each limit.
func TestWarningLimits(t *testing.T) {
	busy := func(seconds, others float64) Run { return Run{Seconds: seconds, OtherCPUSeconds: others} }
	served := func(workers, inFlight, connections int, why string) Figures {
		return Figures{Mode: downloader.Pool, Workers: workers, Median: 1, Confidence: 1, Connections: connections, PeakInFlight: inFlight, Error: why}
	}
	const never = "the %d workers were never all busy."
	for _, c := range []struct {
		rounds  int
		modes   []Figures
		latency float64
		runs    []Run
		want    []string // parts of the warnings
	}{
		{4, []Figures{pool(1, 1), pool(2, 1)}, 0, nil, []string{"With 4 rounds there is no interval of 95 % confidence: it takes 6."}},
		{3, []Figures{pool(1, 1), pool(2, 1)}, 0, nil, []string{"With 3 rounds and 1 pair to compare no difference can be significant: it takes 4 rounds.", "With 3 rounds there is no interval"}},
		{9, []Figures{served(1, 0, 0, ""), {Median: 0.1}}, 0, nil, nil},
		{9, []Figures{served(1, 0, 0, ""), {Mode: "x", Median: 0.099}}, 0, nil, []string{"The runs are too short: x took 99ms, and below 0.1 s start-up"}},
		{9, []Figures{{Median: 0.01, Confidence: 1}}, 0, nil, nil},
		{9, []Figures{served(3, 3, 3, "")}, 1, nil, nil},
		{9, []Figures{served(3, 4, 3, "")}, 0, nil, []string{"pool n=3: the server saw 4 images in flight, more than the workers of its name"}},
		{9, []Figures{served(0, 4, 3, "")}, 0, nil, nil},
		{9, []Figures{served(3, 2, 1, "")}, 1, nil, []string{"pool n=3: the server saw at most 2 images in flight; " + fmt.Sprintf(never, 3)}},
		{9, []Figures{served(3, 2, 1, "")}, 0, nil, nil},
		{9, []Figures{served(3, 2, 0, "")}, 1, nil, nil},
		{9, []Figures{served(8, 5, 1, "")}, 1, nil, nil},
		{9, []Figures{served(8, 4, 1, "")}, 1, nil, []string{fmt.Sprintf(never, 8)}},
		{9, []Figures{served(2, 9, 1, "x"), served(3, 4, 1, "")}, 1, nil, []string{"pool n=3: the server saw 4 images"}},
		{9, nil, 0, []Run{busy(0.125, 0.03), busy(0.125, 0.07)}, nil},
		{9, nil, 0, []Run{busy(0.126, 0.05), busy(0.125, 0.05)}, []string{"The machine was busy: other programs took 20 % of its processors"}},
		{9, nil, 0, []Run{busy(0.25, 0.15), busy(0.25, 0)}, nil},
		{9, nil, 0, []Run{busy(0.25, 0.16), busy(0.25, 0), {Warmup: true, Seconds: 9}}, []string{"took 16 %"}},
		{9, nil, 0, []Run{busy(1, 99)}, []string{"took 100 %"}},
		{9, nil, 0, []Run{{Mode: "m", Error: "x"}, {Mode: "m", Warmup: true}, {Mode: "m", Warmup: true, Error: "x\ny"}}, []string{"The warm-up of m failed: x y."}},
	} {
		all := compared(5, c.modes)
		all.Rounds, all.Ranked = c.rounds, len(c.modes) > 0
		conditions := &Conditions{Latency: c.latency, Machine: Machine{CPUs: 2}}
		got := append(all.caveats(conditions, c.runs), all.warnings(conditions, c.runs)...)
		if !slices.EqualFunc(got, c.want, strings.Contains) {
			t.Errorf("%+v, %+v: %q, want %q", c.modes, c.runs, got, c.want)
		}
	}
}

// TestClaimLimits has medians on both sides of the margin of each claimed time.
func TestClaimLimits(t *testing.T) {
	for _, c := range []struct {
		preset string
		who    Contender
		claim  string
		claims float64
	}{
		{"picsum", Contender{downloader.Sequential, 1}, "One after another takes 9.45 s.", 9.45}, {"picsum", Contender{downloader.Pool, 3}, "Three threads take 3.61 s.", 3.61},
		{"picsum", Contender{downloader.Process, 3}, "Three processes take 0.45 s.", 0.45},
		{"waves", Contender{downloader.Pool, 3}, "100 tasks of one second on 3 workers take 34 waves, 34 s.", 34},
		{"waves", Contender{downloader.Pool, 100}, "100 tasks of one second on 100 workers take one wave, about 1 s.", 1},
	} {
		for share, holds := range map[float64]bool{0.949: false, 0.951: true, 1: true, 1.049: true, 1.051: false} {
			f := Figures{Mode: c.who.Mode, Workers: c.who.Workers, Median: share * c.claims}
			got := compared(5, []Figures{f}).claims(c.preset)
			got = slices.DeleteFunc(got, func(c Claim) bool { return strings.HasPrefix(c.Claim, "All three") })
			want := Claim{Claim: c.claim, Measured: fmt.Sprintf("%s took %.2f s", c.who, f.Median), Holds: holds}
			if len(got) != 1 || got[0] != want {
				t.Errorf("%+v, want %+v", got, want)
			}
		}
	}
	for _, c := range []struct {
		modes []Figures
		few   bool
		want  []Claim
	}{
		{[]Figures{process(16, 1), pool(16, 2), sequential(8)}, false, []Claim{
			{"Processes are faster than threads.", "process n=16 took 1.000 s, pool n=16 took 2.000 s: verdict", true, false},
			{"Threads are faster than one after another.", "pool n=16 took 2.000 s, sequential took 8.000 s: verdict", false, false},
		}},
		{[]Figures{process(16, 2), pool(16, 1)}, false, []Claim{{"Processes are faster than threads.", "process n=16 took 2.000 s, pool n=16 took 1.000 s: verdict", false, false}}},
		{[]Figures{process(16, 1), pool(16, 2)}, true, []Claim{{"Processes are faster than threads.", "process n=16 took 1.000 s, pool n=16 took 2.000 s: verdict", true, true}}},
		{[]Figures{process(16, 1), pool(8, 1)}, false, nil},
		{[]Figures{sequential(1), process(16, 1)}, false, nil},
	} {
		all := compared(5, c.modes, "process n=16 pool n=16")
		all.Differences[0].TooFew = c.few
		if got := all.claims("many"); !slices.Equal(got, c.want) {
			t.Errorf("%+v, want %+v", got, c.want)
		}
		if all.Ranked = false; all.claims("many") != nil {
			t.Error("claims about what is not ranked")
		}
	}
}

// TestRank has short times, none, and no sequential contender.
func TestRank(t *testing.T) {
	for _, c := range []struct {
		modes []Figures
		want  string // efficiency and speed-up of each
	}{
		{[]Figures{pool(2, 0.25), sequential(0.5), pool(3, 0)}, "0.4 2, 0.2 1, 0 0"}, {[]Figures{pool(2, 0.25), process(2, 4)}, "0.4 0, 0.025 0"},
	} {
		all := compared(5, c.modes)
		var got []string
		for i := range all.Modes {
			all.Modes[i].Ideal = 0.1
		}
		all.rank()
		for _, f := range all.Modes {
			got = append(got, fmt.Sprint(f.Efficiency, f.Speedup))
		}
		if text := strings.Join(got, ", "); text != c.want {
			t.Errorf("%s, want %s", text, c.want)
		}
	}
	for _, c := range []struct {
		mode downloader.Mode
		want int
	}{{downloader.Pool, 3}, {downloader.Process, 0}, {downloader.Sequential, 1}} {
		all := compared(5, []Figures{sequential(9), pool(2, 1), pool(3, 2), pool(4, 2)})
		slowest := all.slowest(c.mode)
		if slowest == nil && c.want != 0 || slowest != nil && slowest.Workers != c.want {
			t.Errorf("%s: %+v, want %d workers", c.mode, slowest, c.want)
		}
	}
}

// TestShares has figures that could not be divided, and runs that are not complete.
func TestShares(t *testing.T) {
	for _, c := range []struct {
		f    Figures
		cpus int
		want string // images and bytes a second, shares of waiting and of the CPUs
	}{
		{Figures{Median: 0.5, OK: 3, Bytes: 5, Workers: 1, CPUSeconds: 0.125}, 1, "6 10 0.75 0.25"}, {Figures{Median: 0.5, OK: 3, Bytes: 5}, 0, "6 10 0 0"},
		{Figures{Median: 0.5, Workers: 2, CPUSeconds: 3}, 2, "0 0 0 3"}, {Figures{OK: 3, Bytes: 5, Workers: 1, CPUSeconds: 1}, 1, "0 0 0 0"},
	} {
		f := c.f
		if f.setRates(c.cpus); fmt.Sprint(f.ImagesPerSecond, f.BytesPerSecond, f.WaitShare, f.CPUShare) != c.want {
			t.Errorf("%+v, want %s", f, c.want)
		}
	}
	for want, runs := range map[bool][]Run{
		true:  {{Total: 1, OK: 1, Images: make([]Image, 1)}},
		false: {{}, {Total: 1, OK: 1, Images: make([]Image, 1), Error: "x"}, {Total: 2, OK: 1, Images: make([]Image, 2)}, {Total: 2, OK: 2, Images: make([]Image, 1)}},
	} {
		for _, r := range runs {
			if r.complete() != want {
				t.Errorf("%+v: complete %v", r, !want)
			}
		}
	}
}
