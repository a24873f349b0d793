package downloader

import "time"

// Summary has the figures of a whole run.
type Summary struct {
	Mode       Mode
	Workers    int
	Verify     Verify
	Listed     int // entries in the list; 0: unknown
	Total      int // the sum of the next four
	OK         int
	Skipped    int
	Failed     int
	Canceled   int
	Known      int   // of the failed: those that failed the same way in an earlier run
	NotDecoded int   // of the ok, with VerifyDecode: those whose pixels were not decoded
	Changed    int   // of the skipped: those whose file its owner has changed
	Earlier    int   // images in the folder for those that no list has any more; not of this run alone
	Bytes      int64 // of the images that are ok
	Shared     int   // of the ok: those that share the bytes of another file
	SavedBytes int64 // of the shared
	Classes    map[Class]int
	Alike      []Alike       // of the ok: kinds with many images of the same bytes, the most first
	Stopped    string        // the limit that ended the run before its list; empty: none
	Started    time.Time     // when the workers were ready
	Startup    time.Duration // time before Started
	Elapsed    time.Duration // from Started to the last result
	Usage      Usage         // of this process and its children
	Children   Usage         // of the children alone
}

// Alike is a kind of images with the same bytes, such as a placeholder.
type Alike struct {
	Images  int    `json:"images"`
	AtLeast bool   `json:"at_least"` // there may be more: not all were counted
	File    string `json:"file"`     // one of them
	SHA256  string `json:"sha256"`
}

// Complete reports whether every image is in place.
func (s *Summary) Complete() bool { return s.OK+s.Skipped == s.Total }

// PerSecond returns how many images were fetched per second.
func (s *Summary) PerSecond() float64 {
	if s.Elapsed <= 0 {
		return 0
	}
	return float64(s.OK) / s.Elapsed.Seconds()
}

// Add counts a result.
func (s *Summary) Add(r *Result) {
	s.Total++
	switch r.Status {
	case StatusOK:
		s.OK++
		s.Bytes += r.Bytes
		if r.SameAs != "" {
			s.Shared++
			s.SavedBytes += r.Bytes
		}
		if s.Verify == VerifyDecode && !r.Decoded {
			s.NotDecoded++
		}
	case StatusSkipped:
		s.Skipped++
		if r.Changed {
			s.Changed++
		}
	case StatusCanceled:
		s.Canceled++
	case StatusFailed:
		s.Failed++
		if !r.Since.IsZero() {
			s.Known++
		}
		s.Classes[r.Class]++
	}
}

// Usage is what processes used of the machine.
type Usage struct {
	CPU      time.Duration `json:"cpu"`      // user and system time
	PeakRSS  int64         `json:"peak_rss"` // peak resident memory in bytes; 0: unknown
	Switches int64         `json:"switches"` // context switches, voluntary or not; 0: unknown
}

// Plus returns the usage of processes that ran at the same time.
func (u Usage) Plus(v Usage) Usage {
	return Usage{CPU: u.CPU + v.CPU, PeakRSS: u.PeakRSS + v.PeakRSS, Switches: u.Switches + v.Switches}
}

// Since returns what was used since before. The peak is that of u.
func (u Usage) Since(before Usage) Usage {
	return Usage{CPU: u.CPU - before.CPU, PeakRSS: u.PeakRSS, Switches: u.Switches - before.Switches}
}
