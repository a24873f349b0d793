package hosts

import (
	"maps"
	"slices"
	"time"
)

// fairShare is the part of the workers' time, one in so many, that a host gets
// which has given nothing yet, or fails, while other hosts' images want workers.
// A host that is slow to fail so costs the others five percent.
const fairShare = 20

// leastShare is how many workers such a host may have at once. One may be more
// than its part, which then is kept by the pauses: see cut.
func (h *Governor) minQuota() int { return max(1, h.opts.Workers/fairShare) }

// crowded reports whether others may want the workers that a host does not get:
// there are others, and the list goes on, and is read on.
func (h *Governor) crowded() bool { return len(h.byName) > 1 && !h.listDone && !h.backlogFull }

// share returns how many tasks of s may be with executors: one more for each image
// that it gave, half as many after each failure.
func (h *Governor) quotaOf(s *host) int {
	if h.crowded() {
		return s.quota
	}
	return h.opts.Workers
}

// free reports whether a task of s may go. One that is the probe of s may go if
// its time has come.
func (h *Governor) mayGo(s *host) bool {
	if s.heldBack {
		return !s.givenUp && !s.probing && !time.Now().Before(s.heldUntil)
	}
	return s.busy < h.quotaOf(s) && (s.restUntil.IsZero() || !h.crowded() || !time.Now().Before(s.restUntil))
}

// cut takes from the share of a host that failed after it had a worker for that
// long. One that has the least share already pauses.
func (h *Governor) cutQuota(s *host, now time.Time, took time.Duration) {
	s.quota = max(h.minQuota(), s.quota/2)
	if s.quota == h.minQuota() {
		s.restUntil = now.Add(h.restFor(took))
	}
}

// pause returns how long a host rests that had a worker for that long, for nothing.
func (h *Governor) restFor(took time.Duration) time.Duration {
	return took * time.Duration(max(0, fairShare-h.opts.Workers)) / time.Duration(h.opts.Workers)
}

// finishList is told when the last of the list has gone to an executor or waits.
// What waits for its share need not wait any longer.
func (h *Governor) FinishList() {
	h.mu.Lock()
	defer h.mu.Unlock()
	if !h.listDone {
		h.listDone = true
		h.scheduleAll()
	}
}

// scheduleAll lets go what may now that workers are free. The host for which most
// wait comes last: it may be the one that keeps them for long.
func (h *Governor) scheduleAll() {
	waiting := slices.DeleteFunc(slices.Collect(maps.Values(h.byName)), func(s *host) bool { return len(s.waiting) == 0 })
	slices.SortFunc(waiting, func(a, b *host) int { return len(a.waiting) - len(b.waiting) })
	for _, s := range waiting {
		h.schedule(s)
	}
}
