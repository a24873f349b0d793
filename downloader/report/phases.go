package report

import (
	"iter"

	"grab/downloader"
)

// PhasePairs yields each phase of a with the same phase of b.
func PhasePairs(a, b *downloader.Timing) iter.Seq2[*float64, *float64] {
	return func(yield func(*float64, *float64) bool) {
		_ = yield(&a.Queue, &b.Queue) && yield(&a.DNS, &b.DNS) && yield(&a.Connect, &b.Connect) && yield(&a.TLS, &b.TLS) &&
			yield(&a.FirstByte, &b.FirstByte) && yield(&a.Body, &b.Body) && yield(&a.Verify, &b.Verify) &&
			yield(&a.Commit, &b.Commit) && yield(&a.Total, &b.Total)
	}
}
