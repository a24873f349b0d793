package text

import (
	"fmt"
	"slices"
	"strings"

	"grab/downloader/report"
)

// maxPairs is how many differences are listed in full.
const maxPairs = 6

// findings writes what follows from the figures: differences, warnings, conclusion and claims.
func findings(b *strings.Builder, c *report.Comparison) {
	differences(b, c.Differences)
	for i, warning := range c.OtherWarnings() {
		if i == 0 {
			fmt.Fprintln(b, "\nWarnings:")
		}
		wrap(b, "  ", warning)
	}
	if c.Conclusion != "" {
		b.WriteByte('\n')
		wrap(b, "", c.Conclusion)
	}
	for i, claim := range c.Claims {
		if i == 0 {
			fmt.Fprintln(b, "\nWhat was claimed, and what was measured:")
		}
		holds := ": it does not hold"
		if claim.Holds {
			holds = ": it holds"
		} else if claim.Undecided {
			holds = ""
		}
		wrap(b, "  ", claim.Claim)
		wrap(b, "    ", claim.Measured+holds)
	}
}

// differences writes the test's verdict on each pair. If there are more than maxPairs, it lists
// only the pairs that do not differ: the table shows the medians of the others.
func differences(b *strings.Builder, all []report.Difference) {
	if len(all) == 0 {
		return
	}
	fmt.Fprintln(b, "\nDifferences in time (Mann-Whitney U test with Holm's correction):")
	if !slices.ContainsFunc(all, func(d report.Difference) bool { return !d.TooFew }) {
		fmt.Fprintln(b, "  too few rounds to tell any two apart")
		return
	}
	omitted := 0
	for _, d := range all {
		switch {
		case !d.Different:
			wrap(b, "  ", fmt.Sprintf("%s and %s: %s", d.A, d.B, d.Verdict))
		case len(all) > maxPairs:
			omitted++
		default:
			wrap(b, "  ", d.Verdict)
		}
	}
	switch {
	case omitted == 1:
		b.WriteString("  the other pair differs\n")
	case omitted > 1:
		fmt.Fprintf(b, "  the other %d pairs differ\n", omitted)
	}
}
