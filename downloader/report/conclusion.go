package report

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"grab/downloader"
)

// busyShare is how much of the machine's processors must be at work for them to
// be called the limit.
const busyShare = 0.75

// conclude says in plain words what the figures say, on a machine with so many
// CPUs. Where nothing is ranked it says that and why, and nothing else.
func (c *Comparison) conclude(cpus int) string {
	if !c.Ranked {
		return c.refusal()
	}
	sentences := []string{c.gain(), c.processes(), c.enough(), c.limit(cpus)}
	if slices.ContainsFunc(c.Differences, func(d Difference) bool { return d.TooFew }) {
		sentences = []string{fmt.Sprintf("Too few rounds to tell the times apart: it takes -rounds %d.", c.roundsNeeded()), c.limit(cpus)}
	}
	var said []string
	for _, sentence := range sentences {
		if sentence != "" {
			said = append(said, sentence)
		}
	}
	return strings.Join(said, " ")
}

func (c *Comparison) refusal() string {
	for i := range c.Modes {
		if f := &c.Modes[i]; f.Error != "" && f.Ran() {
			return fmt.Sprintf("Nothing is ranked: %s failed (%s).", f.Name(), f.Error)
		}
	}
	if c.Images == 0 {
		return "Nothing is ranked: there was nothing to fetch."
	}
	if c.Identical || c.interrupted() {
		return "Nothing is ranked: not every round was run."
	}
	return "Nothing is ranked: the modes did not fetch the same bytes."
}

// interrupted reports whether a contender had no turn.
func (c *Comparison) interrupted() bool {
	return slices.ContainsFunc(c.Modes, func(f Figures) bool { return !f.Ran() })
}

// best returns the contender with the least time.
func (c *Comparison) best() *Figures {
	best := &c.Modes[0]
	for i := range c.Modes {
		if c.Modes[i].Median < best.Median {
			best = &c.Modes[i]
		}
	}
	return best
}

// worst returns the contender of a mode with the most time.
func (c *Comparison) worst(mode downloader.Mode) *Figures {
	var worst *Figures
	for i := range c.Modes {
		if f := &c.Modes[i]; f.Mode == mode && (worst == nil || f.Median > worst.Median) {
			worst = f
		}
	}
	return worst
}

// between returns what was found between two contenders, or nil.
func (c *Comparison) between(a, b *Figures) *Difference {
	for i := range c.Differences {
		if c.Differences[i].other(a.Name()) == b.Name() {
			return &c.Differences[i]
		}
	}
	return nil
}

// find returns the figures of a contender, or nil.
func (c *Comparison) find(mode downloader.Mode, workers int) *Figures {
	for i := range c.Modes {
		if c.Modes[i].Mode == mode && c.Modes[i].Workers == workers {
			return &c.Modes[i]
		}
	}
	return nil
}

// gain sets the fastest beside one after another, or beside the slowest of its
// own mode.
func (c *Comparison) gain() string {
	best, base := c.best(), c.find(downloader.Sequential, 1)
	if len(c.Modes) == 1 {
		return ""
	}
	if base == nil {
		worst := c.worst(best.Mode)
		if d := c.between(worst, best); d == nil || !d.Different {
			return "" // the others tell of it
		}
		return fmt.Sprintf("%s is %.2fx as fast as %s.", best.Name(), worst.Median/best.Median, worst.Name())
	}
	if best == base {
		return "Nothing was faster than one after another."
	}
	if d := c.between(base, best); !d.Different {
		return fmt.Sprintf("%s is not told from one after another in time: %s.", best.Name(), d.Verdict)
	}
	return fmt.Sprintf("With %d %s (%s) the list is done %.2fx as fast as one after another.",
		best.Workers, plural(best.Workers, "worker"), best.Mode, base.Median/best.Median)
}

// processes sets child processes beside goroutines, with the most workers that
// both had.
func (c *Comparison) processes() string {
	for i := len(c.Modes) - 1; i >= 0; i-- {
		process := &c.Modes[i]
		pool := c.find(downloader.Pool, process.Workers)
		if process.Mode != downloader.Process || pool == nil {
			continue
		}
		d := c.between(pool, process)
		says := "gains nothing over"
		if math.Abs(d.Ratio-1) > claimMargin {
			says = "is not told in time from" // they may well differ
		}
		cost := ""
		if pool.PeakRSSBytes > 0 {
			cost = fmt.Sprintf("%.1fx the memory", float64(process.PeakRSSBytes)/float64(pool.PeakRSSBytes))
		}
		switch {
		case !d.Different && cost != "":
			return fmt.Sprintf("%s %s %s (%s) and takes %s.", process.Name(), says, pool.Name(), d.Verdict, cost)
		case !d.Different:
			return fmt.Sprintf("%s %s %s (%s).", process.Name(), says, pool.Name(), d.Verdict)
		case process.Median < pool.Median:
			return fmt.Sprintf("%s is faster than %s: %.2fx the time%s.", process.Name(), pool.Name(), process.Median/pool.Median, prefixed(", for ", cost))
		default:
			return fmt.Sprintf("%s is slower than %s: %.2fx the time%s.", process.Name(), pool.Name(), process.Median/pool.Median, prefixed(", and ", cost))
		}
	}
	return ""
}

func prefixed(prefix, text string) string {
	if text == "" {
		return ""
	}
	return prefix + text
}

// enough names the least number of workers of the fastest mode from which on
// more of them change nothing.
func (c *Comparison) enough() string {
	best := c.best()
	var least, most *Figures
	for i := range c.Modes {
		f := &c.Modes[i]
		if f.Mode != best.Mode {
			continue
		}
		if most == nil || f.Workers > most.Workers {
			most = f
		}
		d := c.between(best, f)
		if (f == best || d != nil && !d.Different) && (least == nil || f.Workers < least.Workers) {
			least = f
		}
	}
	if least.Workers == most.Workers {
		return ""
	}
	return fmt.Sprintf("More than %d %s, up to %d, made no significant difference.", least.Workers, plural(least.Workers, "worker"), most.Workers)
}

// limit says what the fastest contender spent its time on.
func (c *Comparison) limit(cpus int) string {
	best := c.best()
	busy := (best.CPUSeconds + best.ServerCPU) / (best.Median * float64(max(1, cpus)))
	if busy >= busyShare {
		server := ""
		if best.ServerCPU > best.CPUSeconds/10 {
			server = ", the embedded server included"
		}
		return fmt.Sprintf("The machine's processors were busy for %.0f %% of the time%s: the cores, not the workers, are the limit.", 100*min(1, busy), server)
	}
	waiting := fmt.Sprintf("%.0f %% of the workers' time was waiting", 100*best.WaitShare)
	switch {
	case best.WaitShare < 0.5:
		return fmt.Sprintf("The work took %.0f %% of the workers' time in CPU.", 100*(1-best.WaitShare))
	case best.Workers >= c.Images:
		return waiting + ": every image had a worker of its own, so more cannot help."
	case busy > 0.5, best.Connections > 0 && best.PeakInFlight < best.Workers, c.enough() != "":
		return waiting + "." // for a core as well as for the server, for each other, or for what more workers did not change
	default:
		return waiting + ": more workers can help."
	}
}
