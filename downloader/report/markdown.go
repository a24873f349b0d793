package report

import (
	"fmt"
	"io"
	"strings"
)

// WriteMarkdown writes what the comparisons come to, as a table with a
// conclusion each.
func WriteMarkdown(w io.Writer, experiments []Experiment) error {
	var b strings.Builder
	for i := range experiments {
		if i > 0 {
			b.WriteByte('\n')
		}
		experiments[i].markdown(&b)
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func (e *Experiment) markdown(b *strings.Builder) {
	c := &e.Comparison
	if c.Conclusion != "" {
		fmt.Fprintf(b, "**%s**\n\n", escapeMarkdown(c.Conclusion))
	}
	if !c.Ranked {
		b.WriteString("Nothing is ranked.\n\n")
	}
	b.WriteString("| contender | ok | median s | interval | min | max | ideal | speed-up | CPU s | MiB |\n")
	b.WriteString("| --- | --- | ---: | --- | ---: | ---: | ---: | ---: | ---: | ---: |\n")
	for i := range c.Modes {
		f := &c.Modes[i]
		fmt.Fprintf(b, "| %s | %d/%d | ", escapeMarkdown(f.Name()), f.OK, c.Images)
		if f.Error != "" {
			b.WriteString(f.instead() + " | | | | | | | |\n")
			continue
		}
		interval, speedup := "", ""
		if f.Confidence > 0 {
			interval = fmt.Sprintf("%.3f – %.3f", f.Low, f.High)
		}
		if c.Ranked && f.Speedup > 0 {
			speedup = fmt.Sprintf("%.2f×", f.Speedup)
		}
		fmt.Fprintf(b, "%.3f | %s | %.3f | %.3f | %.3f | %s | %.3f | %s |\n",
			f.Median, interval, f.Min, f.Max, f.Ideal, speedup, f.CPUSeconds, mebibytes(f.PeakRSSBytes))
	}
	b.WriteByte('\n')
	for i := range c.Modes {
		if f := &c.Modes[i]; f.Error != "" {
			fmt.Fprintf(b, "- %s\n", escapeMarkdown(f.Fate()))
		}
	}
	for _, warning := range c.Warnings {
		fmt.Fprintf(b, "- Warning: %s\n", escapeMarkdown(warning))
	}
	for _, claim := range c.Claims {
		holds := "holds"
		if claim.Untold {
			holds = "cannot be told"
		} else if !claim.Holds {
			holds = "does not hold"
		}
		fmt.Fprintf(b, "- %s: %s. Measured: %s\n", holds, escapeMarkdown(claim.Claim), escapeMarkdown(claim.Measured))
	}
	fmt.Fprintf(b, "\n%s\n", escapeMarkdown(e.Conditions.sentence()))
}

// sentence says under what conditions the experiment was made.
func (c *Conditions) sentence() string {
	where := "over the network"
	if c.Local {
		where = fmt.Sprintf("embedded server with %g s to the first byte", c.Latency)
	}
	return fmt.Sprintf("%d %s, %d %s; %s; %s, grab %s", c.Images, plural(c.Images, "image"), c.Rounds, plural(c.Rounds, "round"),
		where, c.Machine, c.Version)
}

// escapeMarkdown makes a text be text, on one line.
func escapeMarkdown(text string) string {
	var b strings.Builder
	for _, r := range oneLine(text) {
		if strings.ContainsRune("\\`*_[]<>|&~#!", r) {
			b.WriteByte('\\')
		}
		b.WriteRune(r)
	}
	return b.String()
}
