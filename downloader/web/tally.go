package web

import (
	"maps"

	"grab/downloader"
)

// tally counts the results of a run. It is used under a lock.
type tally struct {
	statuses map[downloader.Status]uint64
	failures map[downloader.Class]*failure
	attempts uint64
	total    histogram // of the images that are ok: from a worker to the image's place
	first    histogram // from the connection to the response's first byte
}

// failure is what is known of a class of failures.
type failure struct {
	count uint64
	last  downloader.Item
	text  string // the error of that
}

func newTally() *tally {
	return &tally{statuses: map[downloader.Status]uint64{}, failures: map[downloader.Class]*failure{}}
}

// add counts a result.
func (t *tally) add(r *downloader.Result) {
	t.statuses[r.Status]++
	t.attempts += uint64(r.Attempts)
	switch r.Status {
	case downloader.StatusOK:
		t.total.add(r.Timing.Total)
		t.first.add(r.Timing.FirstByte)
	case downloader.StatusFailed:
		of := t.failures[r.Class]
		if of == nil {
			of = &failure{}
			t.failures[r.Class] = of
		}
		of.count++
		of.last, of.text = r.Item, r.Error
	}
}

// merge adds all that other has counted.
func (t *tally) merge(other *tally) {
	for status, count := range other.statuses {
		t.statuses[status] += count
	}
	for class, of := range other.failures {
		sum := *of
		if mine := t.failures[class]; mine != nil {
			sum.count += mine.count
		}
		t.failures[class] = &sum
	}
	t.attempts += other.attempts
	t.total.merge(&other.total)
	t.first.merge(&other.first)
}

// clone returns a copy that shares nothing with t.
func (t *tally) clone() *tally {
	c := *t
	c.statuses, c.failures = maps.Clone(t.statuses), make(map[downloader.Class]*failure, len(t.failures))
	for class, of := range t.failures {
		copied := *of
		c.failures[class] = &copied
	}
	return &c
}
