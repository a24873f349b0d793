package report

import (
	"cmp"
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
	for i, program := range c.With {
		c.With[i] = Program{sanitized(program.Name), sanitized(program.Command)}
	}
}

// sanitize makes the texts of a run safe to show. Its error keeps its lines, which the figures and
// the warnings join.
func (r *Run) sanitize() {
	r.Mode = downloader.Mode(sanitized(string(r.Mode)))
	if reason(r.Error) != sanitized(r.Error) {
		r.Error = reason(r.Error)
	}
	lines := strings.SplitN(r.Error, "\n", maxErrorLines)
	for i, line := range lines {
		lines[i] = sanitized(line)
	}
	r.Error = strings.Join(lines, "\n")
	for i := range r.Images {
		r.Images[i].File, r.Images[i].SHA256 = sanitized(r.Images[i].File), sanitized(r.Images[i].SHA256)
	}
}

// Limits of what is kept of a text.
const (
	maxText       = 1000 // bytes of a line
	maxErrorLines = 10
)

// reason returns why a run failed, in one line, or "" if it did not. A failed run stays one even if
// its error is blank.
func reason(text string) string {
	if text == "" {
		return ""
	}
	return cmp.Or(sanitized(text), "for an unknown reason")
}

// sanitized returns a text in one line, so that no part of it passes for a line of the report. It
// replaces characters that could control a terminal or change the direction of a line, and cuts
// what is beyond maxText.
func sanitized(text string) string {
	if len(text) > maxText {
		text = strings.ToValidUTF8(text[:maxText], "") + "…"
	}
	return strings.Map(func(r rune) rune {
		if strconv.IsGraphic(r) {
			return r
		}
		return '\uFFFD'
	}, strings.Join(strings.Fields(text), " "))
}
