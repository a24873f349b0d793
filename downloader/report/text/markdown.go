package text

import (
	"fmt"
	"io"
	"strings"

	"grab/downloader/report"
	"grab/downloader/report/internal/format"
)

// WriteMarkdown writes each experiment's conclusion, a table of its contenders, and its warnings.
func WriteMarkdown(w io.Writer, experiments []report.Experiment) error {
	var b strings.Builder
	for i := range experiments {
		if i > 0 {
			b.WriteByte('\n')
		}
		markdown(&b, &experiments[i])
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func markdown(b *strings.Builder, e *report.Experiment) {
	c := &e.Comparison
	if c.Conclusion != "" {
		fmt.Fprintf(b, "**%s**\n\n", markdownText(c.Conclusion))
	}
	if !c.Ranked {
		b.WriteString("Nothing is ranked.\n\n")
	}
	for i, caveat := range c.Caveats {
		fmt.Fprintf(b, "- Caution: %s\n", markdownText(caveat))
		if i == len(c.Caveats)-1 {
			b.WriteByte('\n')
		}
	}
	b.WriteString("| contender | ok | median s | interval | min | max | ideal | speed-up | CPU s | memory |\n")
	b.WriteString("| --- | --- | ---: | --- | ---: | ---: | ---: | ---: | ---: | ---: |\n")
	for i := range c.Modes {
		markdownRow(b, c, &c.Modes[i])
	}
	b.WriteByte('\n')
	for i := range c.Modes {
		if f := &c.Modes[i]; f.Error != "" {
			fmt.Fprintf(b, "- %s\n", markdownText(f.Outcome()))
		}
	}
	for _, warning := range c.OtherWarnings() {
		fmt.Fprintf(b, "- Warning: %s\n", markdownText(warning))
	}
	for _, claim := range c.Claims {
		holds := "holds"
		if claim.Undecided {
			holds = "cannot be decided"
		} else if !claim.Holds {
			holds = "does not hold"
		}
		fmt.Fprintf(b, "- %s: %s. Measured: %s\n", holds, markdownText(claim.Claim), markdownText(claim.Measured))
	}
	fmt.Fprintf(b, "\n%s\n", markdownText(conditionsSentence(&e.Conditions)))
}

func markdownRow(b *strings.Builder, c *report.Comparison, f *report.Figures) {
	fmt.Fprintf(b, "| %s | %d/%d | ", markdownText(f.Name()), f.OK, c.Images)
	if f.Error != "" {
		b.WriteString(placeholder(f) + " | | | | | | | |\n")
		return
	}
	interval, ideal, speedup := "", "", ""
	if f.Timed() {
		ideal = fmt.Sprintf("%.3f", f.Ideal)
	}
	if f.Confidence > 0 {
		interval = fmt.Sprintf("%.3f – %.3f", f.Low, f.High)
	}
	if c.Ranked && f.Speedup > 0 {
		speedup = fmt.Sprintf("%.2f×", f.Speedup)
	}
	fmt.Fprintf(b, "%.3f | %s | %.3f | %.3f | %s | %s | %.3f | %s |\n",
		f.Median, interval, f.Min, f.Max, ideal, speedup, f.CPUSeconds, memory(f))
}

// conditionsSentence describes on one line how the experiment was made.
func conditionsSentence(c *report.Conditions) string {
	server := "over the network"
	if c.Local {
		server = fmt.Sprintf("embedded server with %g s to the first byte", c.Latency)
	}
	return fmt.Sprintf("%s, %s; %s; %s, grab %s",
		format.Count(c.Images, "image"), format.Count(c.Rounds, "round"), server, c.Machine, c.Version)
}
