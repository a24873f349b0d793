package report

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"grab/downloader"
	"grab/downloader/report/internal/format"
)

const (
	// busyShare is the share of the machine's CPU time from which on the processors are called the
	// bottleneck.
	busyShare = 0.75
	// noGainMargin is how far apart two medians without a significant difference may be, as a share,
	// for the conclusion to say that processes gain nothing.
	noGainMargin = 0.05
)

// conclusion says in plain words what the figures show, on a machine with that many CPUs. If
// nothing is ranked, it only says so and why.
func (c *Comparison) conclusion(cpus int) string {
	if !c.Ranked {
		return c.notRankedSentence()
	}
	sentences := append([]string{c.speedupSentence(), c.processSentence()}, c.programSentences()...)
	sentences = append(sentences, c.enoughWorkersSentence(), c.bottleneckSentence(cpus))
	if c.tooFewRounds() {
		sentences = []string{
			fmt.Sprintf("Too few rounds to tell the times apart: it takes -rounds %d.", c.roundsNeeded()),
			c.bottleneckSentence(cpus),
		}
	}
	return strings.Join(slices.DeleteFunc(sentences, func(s string) bool { return s == "" }), " ")
}

func (c *Comparison) notRankedSentence() string {
	for i := range c.Modes {
		if f := &c.Modes[i]; f.Error != "" && f.Ran() {
			return fmt.Sprintf("Nothing is ranked: %s failed (%s).", f.Name(), f.Error)
		}
	}
	if c.Images == 0 {
		return "Nothing is ranked: there was nothing to fetch."
	}
	if c.Identical || c.Interrupted() {
		return "Nothing is ranked: not every round was run."
	}
	return "Nothing is ranked: the modes did not fetch the same bytes."
}

// programSentences compares each other program with grab's fastest mode, if possible of the same
// number of workers.
func (c *Comparison) programSentences() []string {
	var sentences []string
	for i := range c.Modes {
		f := &c.Modes[i]
		own := cmp.Or(c.fastestOf(func(own *Figures) bool {
			return !own.Contender().IsProgram() && own.Workers == f.Workers
		}), c.fastestMode())
		d := c.difference(own, f)
		if !f.Contender().IsProgram() || d == nil {
			continue
		}
		switch {
		case !d.Different:
			sentences = append(sentences, fmt.Sprintf("%s and %s: %s.", own.Name(), f.Name(), d.Verdict))
		case own.Median < f.Median:
			sentences = append(sentences, fmt.Sprintf("%s is %.2fx as fast as %s.", own.Name(), f.Median/own.Median, f.Name()))
		default:
			sentences = append(sentences, fmt.Sprintf("%s is %.2fx as fast as %s.", f.Name(), own.Median/f.Median, own.Name()))
		}
	}
	return sentences
}

// speedupSentence compares grab's fastest mode with sequential. Without sequential it compares
// it with the slowest contender of the same mode.
func (c *Comparison) speedupSentence() string {
	fastest, base := c.fastestMode(), c.Find(Contender{downloader.Sequential, 1})
	if len(c.Modes) == 1 {
		return ""
	}
	if base == nil {
		slowest := c.slowest(fastest.Mode)
		if d := c.difference(slowest, fastest); d == nil || !d.Different {
			return "" // the other sentences cover this case
		}
		return fmt.Sprintf("%s is %.2fx as fast as %s.", fastest.Name(), slowest.Median/fastest.Median, slowest.Name())
	}
	if fastest == base {
		return "Nothing was faster than one after another."
	}
	if d := c.difference(base, fastest); !d.Different {
		return fmt.Sprintf("%s is not clearly faster than one after another: %s.", fastest.Name(), d.Verdict)
	}
	return fmt.Sprintf("With %s (%s) the list is done %.2fx as fast as one after another.",
		format.Count(fastest.Workers, "worker"), fastest.Mode, base.Median/fastest.Median)
}

// processSentence compares child processes with goroutines, at the largest number of workers that
// both had.
func (c *Comparison) processSentence() string {
	for i := len(c.Modes) - 1; i >= 0; i-- {
		process := &c.Modes[i]
		pool := c.Find(Contender{downloader.Pool, process.Workers})
		if process.Mode != downloader.Process || pool == nil {
			continue
		}
		d := c.difference(pool, process)
		relation := "gains nothing over"
		if math.Abs(d.Ratio-1) > noGainMargin {
			relation = "is neither clearly faster nor clearly slower than" // they may well differ
		}
		memory := ""
		if pool.PeakRSSBytes > 0 {
			memory = fmt.Sprintf("%.1fx the memory", float64(process.PeakRSSBytes)/float64(pool.PeakRSSBytes))
		}
		times := fmt.Sprintf("than %s: %.2fx the time", pool.Name(), process.Median/pool.Median)
		switch {
		case !d.Different:
			return fmt.Sprintf("%s %s %s (%s)%s.", process.Name(), relation, pool.Name(), d.Verdict, prefixed(" and takes ", memory))
		case process.Median < pool.Median:
			return fmt.Sprintf("%s is faster %s%s.", process.Name(), times, prefixed(", for ", memory))
		default:
			return fmt.Sprintf("%s is slower %s%s.", process.Name(), times, prefixed(", and ", memory))
		}
	}
	return ""
}

// prefixed returns the text after its prefix, or "" if there is no text.
func prefixed(prefix, text string) string {
	if text == "" {
		return ""
	}
	return prefix + text
}

// enoughWorkersSentence names the smallest number of workers of the fastest mode beyond which
// more workers change nothing.
func (c *Comparison) enoughWorkersSentence() string {
	fastest := c.fastestMode()
	var enough, most *Figures
	for i := range c.Modes {
		f := &c.Modes[i]
		if f.Mode != fastest.Mode {
			continue
		}
		if most == nil || f.Workers > most.Workers {
			most = f
		}
		d := c.difference(fastest, f)
		if (f == fastest || d != nil && !d.Different) && (enough == nil || f.Workers < enough.Workers) {
			enough = f
		}
	}
	if enough.Workers == most.Workers {
		return ""
	}
	return fmt.Sprintf("More than %s, up to %d, made no significant difference.",
		format.Count(enough.Workers, "worker"), most.Workers)
}

// bottleneckSentence says what the fastest mode spent its time on.
func (c *Comparison) bottleneckSentence(cpus int) string {
	fastest := c.fastestMode()
	busy := (fastest.CPUSeconds + fastest.ServerCPU) / (fastest.Median * float64(max(1, cpus)))
	if busy >= busyShare {
		server := ""
		if fastest.ServerCPU > fastest.CPUSeconds/10 {
			server = ", the embedded server included"
		}
		return fmt.Sprintf("The machine's processors were busy for %.0f %% of the time%s: "+
			"the cores, not the workers, are the limit.", 100*min(1, busy), server)
	}
	waiting := fmt.Sprintf("%.0f %% of the workers' time was waiting", 100*fastest.WaitShare)
	switch {
	case fastest.WaitShare < 0.5:
		return fmt.Sprintf("The work took %.0f %% of the workers' time in CPU.", 100*(1-fastest.WaitShare))
	case fastest.Workers >= c.Images:
		return waiting + ": every image had a worker of its own, so more cannot help."
	case busy > 0.5, fastest.Connections > 0 && fastest.PeakInFlight < fastest.Workers, c.enoughWorkersSentence() != "":
		return waiting + "." // partly for a core or for each other, or more workers were tried and changed nothing
	default:
		return waiting + ": more workers can help."
	}
}
