package report

import (
	"fmt"
	"time"

	"grab/downloader"
	"grab/downloader/report/internal/format"
)

// Conditions are what the runs of an experiment have in common.
type Conditions struct {
	Type    string    `json:"type"` // "conditions"
	Version string    `json:"version"`
	Started time.Time `json:"started"`
	Machine Machine   `json:"machine"`
	Images  int       `json:"images"`
	// Local is set if the embedded server answered. Latency, Jitter, Bandwidth, Size, Seed and
	// Faults are its settings.
	Local     bool              `json:"local"`
	Latency   float64           `json:"latency_seconds"`
	Jitter    float64           `json:"jitter_seconds"`
	Bandwidth int64             `json:"bandwidth"`      // bytes per second for each response; 0: no limit
	Size      string            `json:"size,omitempty"` // of the images of a preset or a sweep, such as 200x300
	Seed      int64             `json:"seed"`
	Faults    string            `json:"faults,omitempty"`
	HTTP1     bool              `json:"http1,omitempty"`
	HTTP2     bool              `json:"http2,omitempty"`
	Durable   bool              `json:"durable,omitempty"`
	Verify    string            `json:"verify"`
	Rounds    int               `json:"rounds"` // as requested, without the warm-up
	Modes     []downloader.Mode `json:"modes"`
	Workers   []int             `json:"workers"`          // as requested; sequential ignores them
	With      []Program         `json:"with,omitempty"`   // contend as well
	Preset    string            `json:"preset,omitempty"` // name of the preset, if one was used
	Sweep     string            `json:"sweep,omitempty"`  // setting at this point of a sweep, such as latency=10ms
}

// Machine describes the computer on which an experiment ran.
type Machine struct {
	OS   string `json:"os"`
	Arch string `json:"arch"`
	CPUs int    `json:"cpus"`
	CPU  string `json:"cpu,omitempty"` // model name, if known
	Go   string `json:"go"`
}

// String describes the machine on one line.
func (m Machine) String() string {
	model := ""
	if m.CPU != "" {
		model = " " + m.CPU
	}
	return fmt.Sprintf("%s/%s, %s%s, %s", m.OS, m.Arch, format.Count(m.CPUs, "CPU"), model, m.Go)
}

// EnoughRounds returns the number of rounds that it takes to tell all contenders apart, and to give
// each of their medians an interval.
func (c *Conditions) EnoughRounds() int {
	n := len(c.Contenders())
	return roundsToTell(n*(n-1)/2, intervalRounds)
}

// Contenders returns what is compared: sequential once, each other mode with each number of
// workers, and the other programs.
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
	for _, program := range c.With {
		all = append(all, program.contenders(c.Workers)...)
	}
	return all
}
