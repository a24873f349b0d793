package report

import (
	"fmt"
	"time"

	"grab/downloader"
)

// Experiment is one comparison with all that it was made of: what a saved file
// holds, and what every form of output is drawn from. As JSON lines it is one
// line of conditions, one for each run, and one with the comparison. A sweep is
// several experiments, one after another.
type Experiment struct {
	Conditions Conditions
	Runs       []Run
	Comparison Comparison // follows from the others: Compare computes it
}

// Conditions are what the runs of an experiment share.
type Conditions struct {
	Type    string    `json:"type"` // "conditions"
	Version string    `json:"version"`
	Started time.Time `json:"started"`
	Machine Machine   `json:"machine"`
	Images  int       `json:"images"`
	Local   bool      `json:"local"` // against the embedded server, with what follows
	Latency float64   `json:"latency_seconds"`
	Jitter  float64   `json:"jitter_seconds"`
	// Bandwidth is in bytes a second for each response; 0: no limit.
	Bandwidth int64             `json:"bandwidth"`
	Size      string            `json:"size,omitempty"` // of the images of a preset or a sweep, as 200x300
	Seed      int64             `json:"seed"`
	Faults    string            `json:"faults,omitempty"` // that the embedded server plays
	HTTP1     bool              `json:"http1,omitempty"`
	Durable   bool              `json:"durable,omitempty"`
	Verify    string            `json:"verify"`
	Rounds    int               `json:"rounds"` // asked for, without the warm-up
	Modes     []downloader.Mode `json:"modes"`
	Workers   []int             `json:"workers"`          // asked for, of the modes that have many
	Preset    string            `json:"preset,omitempty"` // name of the preset, if it was one
	Sweep     string            `json:"sweep,omitempty"`  // what this point of a sweep has, as latency=10ms
}

// Machine is where an experiment was made.
type Machine struct {
	OS   string `json:"os"`
	Arch string `json:"arch"`
	CPUs int    `json:"cpus"`
	CPU  string `json:"cpu,omitempty"` // model name, if known
	Go   string `json:"go"`
}

// String describes the machine on one line.
func (m Machine) String() string {
	return fmt.Sprintf("%s/%s, %d %s%s, %s", m.OS, m.Arch, m.CPUs, plural(m.CPUs, "CPU"), prefixed(" ", m.CPU), m.Go)
}

// Run is one run: one mode with so many workers, once over the list. Times are
// in seconds.
type Run struct {
	Type    string          `json:"type"` // "run"
	Mode    downloader.Mode `json:"mode"`
	Workers int             `json:"workers"`          // asked for; if fewer could be started, Error says so
	Round   int             `json:"round"`            // from 0; of the warm-up 0, too
	Warmup  bool            `json:"warmup,omitempty"` // does not count
	Started time.Time       `json:"started"`          // when the workers were ready

	Listed int   `json:"listed"`
	Total  int   `json:"total"`
	OK     int   `json:"ok"`
	Failed int   `json:"failed"` // or canceled
	Bytes  int64 `json:"bytes"`

	Seconds         float64 `json:"seconds"`         // from Started to the last result
	StartupSeconds  float64 `json:"startup_seconds"` // before
	CPUSeconds      float64 `json:"cpu_seconds"`     // of grab and its children
	ChildCPUSeconds float64 `json:"child_cpu_seconds"`
	PeakRSSBytes    int64   `json:"peak_rss_bytes"` // sum over grab and its children
	ContextSwitches int64   `json:"context_switches"`
	// OtherCPUSeconds are of all that ran on the machine meanwhile but grab, its
	// children and the embedded server; 0: none, or not known.
	OtherCPUSeconds float64 `json:"other_cpu_seconds"`

	Server *ServerFigures `json:"server,omitempty"` // as the embedded server saw it; nil without -local
	Images []Image        `json:"images"`           // those that are ok, by index
	Error  string         `json:"error,omitempty"`  // why an image failed, as an example, or why the run broke
}

// ServerFigures are a run as the embedded server saw it.
type ServerFigures struct {
	Requests     int `json:"requests"`
	Connections  int `json:"connections"`
	PeakInFlight int `json:"peak_in_flight"`

	CPUSeconds float64 `json:"cpu_seconds"` // of the server's process; 0: not known
}

// Image is what is kept of an image. Times are in seconds.
type Image struct {
	Index  int               `json:"index"`
	Worker int               `json:"worker"` // which, from 0
	Start  float64           `json:"start"`  // when its worker took it, from Run.Started
	Timing downloader.Timing `json:"timing"` // Total is from Start to in place
	Bytes  int64             `json:"bytes"`
	SHA256 string            `json:"sha256"`
	File   string            `json:"file"`
	Width  int               `json:"width"`
	Height int               `json:"height"`
}

// Comparison sets the modes' runs side by side: it is what the runs say.
type Comparison struct {
	Type      string    `json:"type"` // "comparison"
	Images    int       `json:"images"`
	Rounds    int       `json:"rounds"`    // that were run and count
	Planned   int       `json:"planned"`   // rounds that were asked for; after a failure no more are run
	Identical bool      `json:"identical"` // every complete run gave the same bytes
	Ranked    bool      `json:"ranked"`    // every run of every mode did the whole work: times may be compared
	Modes     []Figures `json:"modes"`     // one for each mode and number of workers

	Differences []Difference `json:"differences,omitempty"` // in time, of each pair; none unless ranked
	Warnings    []string     `json:"warnings,omitempty"`    // what could spoil the figures, a sentence each
	Conclusion  string       `json:"conclusion"`            // what the figures say, in plain words
	Claims      []Claim      `json:"claims,omitempty"`      // of a preset
}

// Figures are those of one mode with so many workers. Times are in seconds.
// What is not of one run is of all: Median, Min, Max, Low and High of Seconds,
// percentiles and phases of all images of all rounds, all others the median of
// the rounds. Who failed has the Seconds, and no median nor what follows from one.
type Figures struct {
	Mode    downloader.Mode `json:"mode"`
	Workers int             `json:"workers"`
	OK      int             `json:"ok"`     // of the worst round
	Failed  int             `json:"failed"` // of the worst round; interrupted images are among them
	Bytes   int64           `json:"bytes"`

	Seconds    []float64 `json:"seconds"` // of each round
	Median     float64   `json:"median_seconds,omitempty"`
	Low        float64   `json:"low_seconds,omitempty"` // confidence interval of the median; see Confidence
	High       float64   `json:"high_seconds,omitempty"`
	Confidence float64   `json:"confidence"` // of the interval, as 0.95; 0: too few rounds for one
	Min        float64   `json:"min_seconds,omitempty"`
	Max        float64   `json:"max_seconds,omitempty"`
	Ideal      float64   `json:"ideal_seconds,omitempty"`
	Efficiency float64   `json:"efficiency"` // Ideal / Median; 0 when it may not be told
	Speedup    float64   `json:"speedup"`    // over sequential; 0 when it may not be told

	ImagesPerSecond float64 `json:"images_per_second,omitempty"`
	BytesPerSecond  float64 `json:"bytes_per_second,omitempty"`
	CPUSeconds      float64 `json:"cpu_seconds"`
	ChildCPUSeconds float64 `json:"child_cpu_seconds"`
	CPUShare        float64 `json:"cpu_share"`  // CPU time / (time x CPUs of the machine)
	WaitShare       float64 `json:"wait_share"` // of the workers' time, that spent without a CPU: 1 - CPU time / (time x workers), at least 0
	PeakRSSBytes    int64   `json:"peak_rss_bytes"`
	ContextSwitches int64   `json:"context_switches"`
	Connections     int     `json:"connections"`    // 0 without -local
	PeakInFlight    int     `json:"peak_in_flight"` // 0 without -local
	ServerCPU       float64 `json:"server_cpu_seconds"`
	StartupSeconds  float64 `json:"startup_seconds"`

	Latency Percentiles       `json:"latency"`         // of Timing.Total
	Phases  downloader.Timing `json:"phases"`          // means
	Error   string            `json:"error,omitempty"` // why it failed
}

// Name tells the figures from others of the same comparison, as "pool n=3".
func (f *Figures) Name() string { return Contender{f.Mode, f.Workers}.String() }

// Ran reports whether a round of the contender counts. What was interrupted
// before its turn has not failed.
func (f *Figures) Ran() bool { return len(f.Seconds) > 0 }

// Fate says what became of a contender that has an Error.
func (f *Figures) Fate() string {
	if !f.Ran() {
		return f.Name() + " did not run"
	}
	return f.Name() + " failed: " + f.Error
}

// instead is what a table has in place of the times of a contender that has an
// Error.
func (f *Figures) instead() string {
	if !f.Ran() {
		return "not run"
	}
	return "FAILED"
}

// Contender is a mode with a number of workers: what is compared.
type Contender struct {
	Mode    downloader.Mode
	Workers int
}

// String returns the contender's name, as "pool n=3" or "sequential".
func (c Contender) String() string {
	if c.Mode == downloader.Sequential {
		return string(c.Mode)
	}
	return fmt.Sprintf("%s n=%d", c.Mode, c.Workers)
}

// Contenders returns what is compared: sequential once, and each other mode with
// each number of workers.
func (c *Conditions) Contenders() []Contender {
	var all []Contender
	for _, mode := range c.Modes {
		if mode == downloader.Sequential {
			all = append(all, Contender{mode, 1})
			continue
		}
		for _, n := range c.Workers {
			all = append(all, Contender{mode, n})
		}
	}
	return all
}

// Percentiles are of images' times, in seconds.
type Percentiles struct {
	P50 float64 `json:"p50"`
	P90 float64 `json:"p90"`
	P99 float64 `json:"p99"`
	Max float64 `json:"max"`
}

// Difference is what a test says of the times of two sets of runs.
type Difference struct {
	A           string  `json:"a"` // names of Figures
	B           string  `json:"b"`
	Ratio       float64 `json:"ratio"`       // of the medians, A / B
	P           float64 `json:"p"`           // Mann-Whitney U test
	PAdjusted   float64 `json:"p_adjusted"`  // Holm's correction for all pairs
	Significant bool    `json:"significant"` // PAdjusted is below 0.05
	Different   bool    `json:"different"`   // significant, and more than a hundredth apart: only then are A and B called different
	TooFew      bool    `json:"too_few"`     // rounds for any difference to be significant
	Verdict     string  `json:"verdict"`     // the same in words, without the names
}

// Claim is what the notebook said of a preset, against what was measured.
type Claim struct {
	Claim    string `json:"claim"`
	Measured string `json:"measured"`
	Holds    bool   `json:"holds"`
	Untold   bool   `json:"untold,omitempty"` // too few rounds to say whether it holds
}
