package text

import (
	"cmp"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"grab/downloader"
	"grab/downloader/report/internal/format"
)

// Failures keeps the first failure of each class, as an example for the summary. It is a
// [downloader.Observer].
type Failures struct {
	first map[downloader.Class]downloader.Result
}

// Observe keeps the result if it is the first failure of its class.
func (f *Failures) Observe(r downloader.Result) {
	if r.Status != downloader.StatusFailed {
		return
	}
	if f.first == nil {
		f.first = map[downloader.Class]downloader.Result{}
	}
	if _, known := f.first[r.Class]; !known {
		f.first[r.Class] = r
	}
}

// WriteSummary writes the summary of a download for people.
func WriteSummary(w io.Writer, s downloader.Summary, failures *Failures) error {
	var b strings.Builder
	fmt.Fprintf(&b, "%d", s.Total)
	if s.Listed > s.Total {
		fmt.Fprintf(&b, " of %d", s.Listed)
	}
	fmt.Fprintf(&b, " %s: %d ok, %d failed, %d skipped",
		format.Plural(max(s.Total, s.Listed), "image"), s.OK, s.Failed, s.Skipped)
	if s.Canceled > 0 {
		fmt.Fprintf(&b, ", %d interrupted", s.Canceled)
	}
	fmt.Fprintf(&b, "\n%s in %s, %.1f images/s; mode %s",
		downloader.FormatBytes(s.Bytes), format.Duration(s.Elapsed), s.PerSecond(), s.Mode)
	if s.Mode != downloader.Sequential {
		fmt.Fprintf(&b, ", %d workers", s.Workers)
	}
	fmt.Fprintf(&b, "; CPU %s", format.Duration(s.Usage.CPU))
	if s.Usage.PeakRSS > 0 {
		fmt.Fprintf(&b, ", memory %s MiB", format.Mebibytes(s.Usage.PeakRSS))
	}
	b.WriteByte('\n')
	failures.write(&b, s.Classes)
	writeNotes(&b, s)
	_, err := io.WriteString(w, b.String())
	return err
}

// writeNotes writes what else there is to know: of images that are ok, and of what the
// run found of earlier ones.
func writeNotes(b *strings.Builder, s downloader.Summary) {
	if s.Known > 0 {
		fmt.Fprintf(b, "known: %s, the same as in an earlier run\n", format.Count(s.Known, "failure"))
	}
	if s.NotDecoded > 0 {
		fmt.Fprintf(b, "not decoded: %s, whole but of a format or variant that grab cannot decode\n", format.Count(s.NotDecoded, "image"))
	}
	if s.Changed > 0 {
		fmt.Fprintf(b, "changed: %s, whole but not as grab wrote them; kept (-force downloads them again)\n", format.Count(s.Changed, "file"))
	}
	if s.Earlier > 0 {
		fmt.Fprintf(b, "earlier: %s from other lists, kept in the folder earlier\n", format.Count(s.Earlier, "image"))
	}
}

// write writes a line for each class of failure, the most frequent first.
func (f *Failures) write(b *strings.Builder, counts map[downloader.Class]int) {
	for _, class := range slices.SortedFunc(maps.Keys(counts), func(a, b downloader.Class) int {
		return cmp.Or(counts[b]-counts[a], cmp.Compare(a, b))
	}) {
		fmt.Fprintf(b, "failed: %d × %s", counts[class], class)
		if r, ok := f.first[class]; ok {
			fmt.Fprintf(b, ", as %s: %s", r.Where(), r.Error)
		}
		b.WriteByte('\n')
	}
}
