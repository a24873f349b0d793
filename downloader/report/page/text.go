package page

import (
	"fmt"
	"math"
	"strconv"
	"time"

	"grab/downloader"
	"grab/downloader/report"
	"grab/downloader/report/internal/format"
)

// duration formats seconds for people, with three significant digits and a unit.
func duration(seconds float64) string {
	switch abs := math.Abs(seconds); {
	case abs == 0:
		return "0 s"
	case abs < 0.0009995:
		return digits(seconds*1e6) + " µs"
	case abs < 0.9995:
		return digits(seconds*1e3) + " ms"
	default:
		return digits(seconds) + " s"
	}
}

// digits formats v with three significant digits, and with all digits before the point.
func digits(v float64) string {
	switch abs := math.Abs(v); {
	case abs >= 99.95:
		return strconv.FormatFloat(v, 'f', 0, 64)
	case abs >= 9.995:
		return strconv.FormatFloat(v, 'f', 1, 64)
	default:
		return strconv.FormatFloat(v, 'f', 2, 64)
	}
}

func percent(share float64) string { return strconv.FormatFloat(100*share, 'f', 1, 64) + " %" }

// signed formats a share as a deviation in percent.
func signed(share float64) string {
	if share == 0 {
		return "0"
	}
	if math.Abs(share) >= 9.995 { // with %.3g it would have an exponent
		return fmt.Sprintf("%+.0f %%", 100*share)
	}
	return fmt.Sprintf("%+.3g %%", 100*share)
}

func bytesOf(n int64) string { return downloader.FormatBytes(n) }

// tick formats a tick of a time axis, without trailing zeros.
func tick(seconds float64) string {
	switch {
	case seconds == 0:
		return "0"
	case seconds < 0.000999:
		return strconv.FormatFloat(seconds*1e6, 'g', 4, 64) + " µs"
	case seconds < 0.999:
		return strconv.FormatFloat(seconds*1e3, 'g', 4, 64) + " ms"
	default:
		return strconv.FormatFloat(seconds, 'g', 6, 64) + " s"
	}
}

// modeClass returns the CSS class with the mode's colour. A saved file may name any mode.
func modeClass(mode downloader.Mode) string {
	switch mode {
	case downloader.Sequential, downloader.Pool, downloader.Process:
		return string(mode)
	}
	return "other"
}

// term is one of the conditions.
type term struct{ Name, Value string }

// terms lists the conditions in words.
func terms(c report.Conditions) []term {
	all := []term{{"Images", strconv.Itoa(c.Images)}, {"Rounds", strconv.Itoa(c.Rounds) + ", after a warm-up"}}
	add := func(name, value string) {
		if value != "" {
			all = append(all, term{name, value})
		}
	}
	add("Preset", c.Preset)
	add("Point of the sweep", c.Sweep)
	if c.Local {
		add("Server", "embedded, in a process of its own")
		latency := duration(c.Latency)
		if c.Jitter > 0 {
			latency += " ± " + duration(c.Jitter)
		}
		add("Latency", latency)
		bandwidth := "no limit"
		if c.Bandwidth > 0 {
			bandwidth = bytesOf(c.Bandwidth) + "/s for each response"
		}
		add("Bandwidth", bandwidth)
		add("Size", c.Size)
		add("Seed", strconv.FormatInt(c.Seed, 10))
		add("Faults", c.Faults)
	} else {
		add("Server", "the list’s own, over the network")
	}
	switch {
	case c.HTTP1:
		add("Protocol", "HTTP/1.1 only")
	case c.HTTP2:
		add("Protocol", "HTTP/2 where the server has it")
	}
	if c.Durable {
		add("Files", "each reaches the disk before it counts")
	}
	add("Check of each image", c.Verify)
	m := c.Machine
	add("Machine", fmt.Sprintf("%s, %s/%s", format.Count(m.CPUs, "CPU"), m.OS, m.Arch))
	add("Processor", m.CPU)
	add("Go", m.Go)
	add("grab", c.Version)
	if !c.Started.IsZero() {
		add("Started", c.Started.UTC().Format(time.DateTime)+" UTC")
	}
	return all
}
