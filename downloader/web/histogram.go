package web

import "math"

// The buckets of a histogram grow by an eighth of an octave each, which is 9 %. They go from
// shortest to about seven minutes; what is longer is in the last one.
const (
	shortest  = 0.0001 // seconds
	perOctave = 8
	octaves   = 22
	buckets   = octaves*perOctave + 1
)

// histogram counts durations in fixed buckets. The zero value is ready for use.
type histogram struct {
	counts  [buckets]uint64
	count   uint64
	sum     float64
	longest float64
}

// add counts a duration in seconds.
func (h *histogram) add(seconds float64) {
	seconds = max(seconds, 0) // a clock of another process may have been set back
	n := 0
	if seconds > shortest {
		n = int(min(math.Ceil(math.Log2(seconds/shortest)*perOctave), buckets-1))
	}
	h.counts[n]++
	h.count++
	h.sum += seconds
	h.longest = max(h.longest, seconds)
}

// merge adds all that other has counted.
func (h *histogram) merge(other *histogram) {
	for n, count := range other.counts {
		h.counts[n] += count
	}
	h.count += other.count
	h.sum += other.sum
	h.longest = max(h.longest, other.longest)
}

// upper returns the longest duration that bucket n counts.
func upper(n int) float64 { return shortest * math.Exp2(float64(n)/perOctave) }

// quantile returns a duration that the share q of all durations does not exceed, with the
// accuracy of a bucket. Without durations it returns 0.
func (h *histogram) quantile(q float64) float64 {
	if h.count == 0 {
		return 0
	}
	rank := max(uint64(math.Ceil(q*float64(h.count))), 1)
	seen := uint64(0)
	for n, count := range h.counts {
		if seen += count; seen >= rank && n < buckets-1 {
			return min(upper(n), h.longest)
		}
	}
	return h.longest
}

// octave is a group of buckets, as pages and Prometheus have them.
type octave struct {
	upTo  float64 // seconds
	count uint64
}

// byOctave returns the counts of all octaves but the last, which has no upper end: what is
// missing of the whole count is there.
func (h *histogram) byOctave() []octave {
	all := make([]octave, octaves)
	for i := range all {
		all[i].upTo = upper(i * perOctave)
	}
	for n, count := range h.counts {
		if i := (n + perOctave - 1) / perOctave; i < octaves {
			all[i].count += count
		}
	}
	return all
}
