package report

import (
	"strconv"
	"strings"

	"grab/downloader"
)

// sanitize makes the texts of conditions safe to show.
func (c *Conditions) sanitize() {
	m := &c.Machine
	for _, text := range []*string{&c.Version, &c.Size, &c.Faults, &c.Verify, &c.Preset, &c.Sweep, &m.OS, &m.Arch, &m.CPU, &m.Go} {
		*text = sanitized(*text)
	}
	for i, mode := range c.Modes {
		c.Modes[i] = downloader.Mode(sanitized(string(mode)))
	}
}

// sanitize makes the texts of a run safe to show.
func (r *Run) sanitize() {
	r.Mode, r.Error = downloader.Mode(sanitized(string(r.Mode))), sanitized(r.Error)
	for i := range r.Images {
		r.Images[i].File, r.Images[i].SHA256 = sanitized(r.Images[i].File), sanitized(r.Images[i].SHA256)
	}
}

// sanitized replaces characters that could control a terminal or change the direction of a line.
func sanitized(text string) string {
	return strings.Map(func(r rune) rune {
		if r == '\n' || strconv.IsGraphic(r) {
			return r
		}
		return '\uFFFD'
	}, text)
}
