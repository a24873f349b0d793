package text

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"grab/downloader/report"
)

// WriteChanges writes the changes between two saved files as tables for a terminal.
func WriteChanges(w io.Writer, all []report.Changes) error {
	var b strings.Builder
	for _, c := range all {
		b.WriteString("\nBefore and after")
		if c.Sweep != "" {
			b.WriteString(", " + c.Sweep)
		}
		b.WriteString("; times in seconds\n\n")
		if len(c.List) > 0 {
			t := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
			fmt.Fprintln(t, "  contender\tbefore\tafter\tratio")
			for _, change := range c.List {
				fmt.Fprintf(t, "  %s\t%.3f\t%.3f\t%.3f\n", change.Name, change.Before, change.After, change.Ratio)
			}
			t.Flush()
			b.WriteByte('\n')
			for _, change := range c.List { // beside the figures they would not fit 80 columns
				wrap(&b, "  ", change.Name+": "+change.Verdict)
			}
			b.WriteByte('\n')
		}
		for _, warning := range c.Warnings {
			wrap(&b, "", warning)
		}
		wrap(&b, "", c.Conclusion)
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// WriteChangesMarkdown writes the changes between two saved files as Markdown tables.
func WriteChangesMarkdown(w io.Writer, all []report.Changes) error {
	var b strings.Builder
	for _, c := range all {
		fmt.Fprintf(&b, "\n**%s**\n", markdownText(strings.TrimSpace(c.Sweep+" "+c.Conclusion)))
		if len(c.List) > 0 {
			b.WriteString("\n| contender | before s | after s | ratio | verdict |\n")
			b.WriteString("| --- | ---: | ---: | ---: | --- |\n")
		}
		for _, change := range c.List {
			fmt.Fprintf(&b, "| %s | %.3f | %.3f | %.3f | %s |\n",
				markdownText(change.Name), change.Before, change.After, change.Ratio, markdownText(change.Verdict))
		}
		for _, warning := range c.Warnings {
			fmt.Fprintf(&b, "\n- Warning: %s\n", markdownText(warning))
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// WriteChangesJSON writes the changes between two saved files as JSON lines.
func WriteChangesJSON(w io.Writer, all []report.Changes) error {
	enc := json.NewEncoder(w)
	for i := range all {
		if err := enc.Encode(&all[i]); err != nil {
			return err
		}
	}
	return nil
}
