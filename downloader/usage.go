package downloader

import (
	"os"
	"time"
)

// Usage is what a run took from the machine.
type Usage struct {
	CPU     time.Duration `json:"cpu"`      // user and system time
	PeakRSS int64         `json:"peak_rss"` // peak resident memory in bytes; 0: not known here
}

// plus adds up the usage of processes that ran side by side.
func (u Usage) plus(v Usage) Usage {
	return Usage{CPU: u.CPU + v.CPU, PeakRSS: u.PeakRSS + v.PeakRSS}
}

// usageOf returns the usage of a process that has ended, as the system counted it.
func usageOf(p *os.ProcessState) Usage {
	return Usage{CPU: p.UserTime() + p.SystemTime()}
}
