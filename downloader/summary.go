package downloader

import (
	"time"
)

// Summary is a whole run in figures.
type Summary struct {
	Mode     Mode
	Workers  int
	Listed   int // entries in the list; 0: not known
	Total    int // items in: the sum of the next four
	OK       int
	Skipped  int
	Failed   int
	Canceled int
	Bytes    int64 // of the images that are ok
	Classes  map[Class]int
	Started  time.Time     // when the workers were ready
	Startup  time.Duration // before that
	Elapsed  time.Duration // from then to the last result
	Usage    Usage         // of this process and its children
	Children Usage         // of the children alone
}

// Complete reports whether every image is there.
func (s *Summary) Complete() bool { return s.OK+s.Skipped == s.Total }

// PerSecond returns the images fetched in a second.
func (s *Summary) PerSecond() float64 {
	if s.Elapsed <= 0 {
		return 0
	}
	return float64(s.OK) / s.Elapsed.Seconds()
}

func (s *Summary) Add(r *Result) {
	s.Total++
	switch r.Status {
	case StatusOK:
		s.OK++
		s.Bytes += r.Bytes
	case StatusSkipped:
		s.Skipped++
	case StatusCanceled:
		s.Canceled++
	case StatusFailed:
		s.Failed++
		s.Classes[r.Class]++
	}
}

// Usage is what a run took from the machine.
type Usage struct {
	CPU      time.Duration `json:"cpu"`      // user and system time
	PeakRSS  int64         `json:"peak_rss"` // peak resident memory in bytes; 0: not known here
	Switches int64         `json:"switches"` // of context, asked for or not; 0: not known here
}

// plus adds up the usage of processes that ran side by side.
func (u Usage) Plus(v Usage) Usage {
	return Usage{CPU: u.CPU + v.CPU, PeakRSS: u.PeakRSS + v.PeakRSS, Switches: u.Switches + v.Switches}
}

// since returns what was used after before; the peak is that of now.
func (u Usage) Since(before Usage) Usage {
	return Usage{CPU: u.CPU - before.CPU, PeakRSS: u.PeakRSS, Switches: u.Switches - before.Switches}
}
