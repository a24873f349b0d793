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

// Failures keeps, of each class, the failure that comes first in the list, as an example for the
// summary. It is a [downloader.Observer].
type Failures struct {
	Dir   string // output directory, whose manifest has all failures
	first map[downloader.Class]downloader.Result
	hosts map[string]int // failures, by origin
}

// Observe keeps the result if no failure of its class comes before it in the list.
func (f *Failures) Observe(r downloader.Result) {
	if r.Status != downloader.StatusFailed {
		return
	}
	if f.first == nil {
		f.first, f.hosts = map[downloader.Class]downloader.Result{}, map[string]int{}
	}
	if r.Class != downloader.ClassURL { // it names no host
		f.hosts[r.Origin()]++
	}
	if earlier, known := f.first[r.Class]; !known || r.Index < earlier.Index {
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
	fmt.Fprintf(&b, "\n%s in %s, %.1f images/s\nmode %s",
		downloader.FormatBytes(s.Bytes), format.Duration(s.Elapsed), s.PerSecond(), s.Mode)
	if s.Mode != downloader.Sequential {
		fmt.Fprintf(&b, ", %d workers", s.Workers)
	}
	fmt.Fprintf(&b, "; CPU %s", format.Duration(s.Usage.CPU))
	if s.Usage.PeakRSS > 0 {
		fmt.Fprintf(&b, ", memory %s", downloader.FormatBytes(s.Usage.PeakRSS))
	}
	b.WriteByte('\n')
	failures.write(&b, s.Classes)
	writeNotes(&b, s)
	_, err := io.WriteString(w, b.String())
	return err
}

// WriteFailures writes of the summary of a download only what failed: nothing if nothing did.
func WriteFailures(w io.Writer, s downloader.Summary, failures *Failures) error {
	if s.Failed == 0 {
		return nil
	}
	var b strings.Builder
	fmt.Fprintf(&b, "grab: %d of %s failed\n", s.Failed, format.Count(s.Total, "image"))
	failures.write(&b, s.Classes)
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
	for _, kind := range s.Alike {
		atLeast := ""
		if kind.AtLeast {
			atLeast = "at least "
		}
		fmt.Fprintf(b, "the same: %s%s have the bytes of %s; if that is a placeholder: -reject sha256:%s\n", atLeast, format.Count(kind.Images, "image"), kind.File, kind.SHA256)
	}
	if s.Shared > 0 {
		fmt.Fprintf(b, "shared: %s have the bytes of other files, which saves %s\n", format.Count(s.Shared, "image"), downloader.FormatBytes(s.SavedBytes))
	}
	if s.Earlier > 0 {
		fmt.Fprintf(b, "earlier: %s from other lists, kept in the folder earlier\n", format.Count(s.Earlier, "image"))
	}
}

// write writes a line for each class of failure, the most frequent first, and where the failures
// are that the examples do not show.
func (f *Failures) write(b *strings.Builder, counts map[downloader.Class]int) {
	more := false
	for _, class := range slices.SortedFunc(maps.Keys(counts), func(a, b downloader.Class) int {
		return cmp.Or(counts[b]-counts[a], cmp.Compare(a, b))
	}) {
		fmt.Fprintf(b, "%d failed with %s", counts[class], words(class))
		r, shown := f.first[class]
		if shown {
			fmt.Fprintf(b, ", e.g. %s: %s", r.Where(), r.Error)
		}
		more = more || !shown || counts[class] > 1
		b.WriteByte('\n')
	}
	f.writeHosts(b)
	if more && f.Dir != "" {
		dir := shellWord(f.Dir)
		fmt.Fprintf(b, "the rest: grab status -failed %s (URLs), grab status -csv %s (reasons)\n", dir, dir)
	}
}

// words returns a class as people write it.
func words(class downloader.Class) string {
	return strings.Replace(string(class), "http-", "HTTP ", 1)
}

// shellWord quotes a path for a shell, if it needs that.
func shellWord(path string) string {
	plain := func(r rune) bool {
		return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("_./-+,:@%", r)
	}
	if strings.ContainsFunc(path, func(r rune) bool { return !plain(r) }) {
		return "'" + strings.ReplaceAll(path, "'", `'\''`) + "'"
	}
	if strings.HasPrefix(path, "-") {
		return "./" + path
	}
	return path
}

// worstHosts is how many hosts the summary names.
const worstHosts = 5

// writeHosts writes the hosts with the most failures, if there are several.
func (f *Failures) writeHosts(b *strings.Builder) {
	if len(f.hosts) < 2 {
		return
	}
	hosts := slices.SortedFunc(maps.Keys(f.hosts), func(a, b string) int {
		return cmp.Or(f.hosts[b]-f.hosts[a], cmp.Compare(a, b))
	})
	fmt.Fprintf(b, "of %s", format.Count(len(hosts), "host"))
	if len(hosts) > worstHosts {
		fmt.Fprintf(b, "; the %d with the most failures", worstHosts)
	}
	b.WriteString(":\n")
	for _, host := range hosts[:min(worstHosts, len(hosts))] {
		fmt.Fprintf(b, "%8d  %s\n", f.hosts[host], host)
	}
}
