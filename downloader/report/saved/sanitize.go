package saved

import (
	"strings"

	"grab/downloader"
	"grab/downloader/report"
	"grab/downloader/report/internal/format"
)

// maxErrorLines is how many lines are kept of the error of a run.
const maxErrorLines = 10

// sanitizeConditions makes the texts of conditions safe to show.
func sanitizeConditions(c *report.Conditions) {
	m := &c.Machine
	for _, text := range []*string{&c.Version, &c.Size, &c.Faults, &c.Verify, &c.Preset, &c.Sweep, &m.OS, &m.Arch, &m.CPU, &m.Go} {
		*text = format.Line(*text)
	}
	for i, mode := range c.Modes {
		c.Modes[i] = downloader.Mode(format.Line(string(mode)))
	}
	for i, program := range c.With {
		c.With[i] = report.Program{Name: format.Line(program.Name), Command: format.Line(program.Command)}
	}
}

// sanitizeRun makes the texts of a run safe to show. Its error keeps its lines, which the figures and
// the warnings join.
func sanitizeRun(r *report.Run) {
	r.Mode = downloader.Mode(format.Line(string(r.Mode)))
	if format.Reason(r.Error) != format.Line(r.Error) {
		r.Error = format.Reason(r.Error)
	}
	lines := strings.SplitN(r.Error, "\n", maxErrorLines)
	for i, line := range lines {
		lines[i] = format.Line(line)
	}
	r.Error = strings.Join(lines, "\n")
	for i := range r.Images {
		r.Images[i].File, r.Images[i].SHA256 = format.Line(r.Images[i].File), format.Line(r.Images[i].SHA256)
	}
}
