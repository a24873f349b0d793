package downloader

import (
	"os"
	"runtime/debug"
	"time"
)

// Usage is what a run took from the machine.
type Usage struct {
	CPU      time.Duration `json:"cpu"`      // user and system time
	PeakRSS  int64         `json:"peak_rss"` // peak resident memory in bytes; 0: not known here
	Switches int64         `json:"switches"` // of context, asked for or not; 0: not known here
}

// ownUsage returns what this process has used in its life.
func ownUsage() Usage {
	cpu, switches := ownTimes()
	return Usage{CPU: cpu, PeakRSS: peakRSS(), Switches: switches}
}

// plus adds up the usage of processes that ran side by side.
func (u Usage) plus(v Usage) Usage {
	return Usage{CPU: u.CPU + v.CPU, PeakRSS: u.PeakRSS + v.PeakRSS, Switches: u.Switches + v.Switches}
}

// since returns what was used after before; the peak is that of now.
func (u Usage) since(before Usage) Usage {
	return Usage{CPU: u.CPU - before.CPU, PeakRSS: u.PeakRSS, Switches: u.Switches - before.Switches}
}

// usageOf returns the usage of a process that has ended, as the system counted it.
func usageOf(p *os.ProcessState) Usage {
	return Usage{CPU: p.UserTime() + p.SystemTime(), Switches: switchesOf(p)}
}

// TuneMemory lets the garbage collector of this process run seldom as long as
// memory is small, which it is but with very many workers. Bytes that are kept for
// the whole run come on top: it would look for room among them all the time.
// GOGC and GOMEMLIMIT of the environment have their way.
func TuneMemory(kept int64) {
	if os.Getenv("GOGC") == "" && os.Getenv("GOMEMLIMIT") == "" {
		debug.SetGCPercent(400)
		debug.SetMemoryLimit(32<<20 + kept)
	}
}
