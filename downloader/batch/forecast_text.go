package batch

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"time"
)

// shownHosts is how many hosts people see.
const shownHosts = 10

// Write writes the forecast for people.
func (f *Forecast) Write(w io.Writer) error {
	var b strings.Builder
	fmt.Fprintf(&b, "%d in the list: %d to ask for, %d skipped\n", f.Listed, f.Ask, f.Skipped)
	if f.LeftAlone > 0 {
		fmt.Fprintf(&b, "left alone: %d, which failed in an earlier run\n", f.LeftAlone)
	}
	if f.Refused > 0 {
		fmt.Fprintf(&b, "refused: %d, e.g. %s\n", f.Refused, f.FirstBad)
	}
	if f.Duplicates > 0 {
		atLeast := ""
		if f.MoreTwice {
			atLeast = "at least "
		}
		fmt.Fprintf(&b, "duplicates: %s%d, each of which is fetched again\n", atLeast, f.Duplicates)
	}
	fmt.Fprintf(&b, "hosts: %d\n", len(f.Hosts))
	for _, host := range f.Hosts[:min(len(f.Hosts), shownHosts)] {
		fmt.Fprintf(&b, "%8d  %s\n", host.Images, host.Host)
	}
	if more := len(f.Hosts) - shownHosts; more > 0 {
		fmt.Fprintf(&b, "and %d more\n", more)
	}
	if f.Least > 0 {
		fmt.Fprintf(&b, "time: at least %v, because of -rate or -delay\n", f.Least.Round(100*time.Millisecond))
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// WriteJSON writes the forecast as one line of JSON.
func (f *Forecast) WriteJSON(w io.Writer) error {
	hosts := f.Hosts
	if hosts == nil {
		hosts = []HostShare{}
	}
	return json.NewEncoder(w).Encode(struct {
		Type         string      `json:"type"`
		Listed       int         `json:"listed"`
		Ask          int         `json:"ask"`
		Skipped      int         `json:"skipped"`
		LeftAlone    int         `json:"left_alone"`
		Refused      int         `json:"refused"`
		Duplicates   int         `json:"duplicates"`
		MoreTwice    bool        `json:"duplicates_at_least,omitempty"`
		LeastSeconds float64     `json:"least_seconds"`
		Hosts        []HostShare `json:"hosts"`
	}{"dry-run", f.Listed, f.Ask, f.Skipped, f.LeftAlone, f.Refused, f.Duplicates, f.MoreTwice, f.Least.Seconds(), hosts})
}
