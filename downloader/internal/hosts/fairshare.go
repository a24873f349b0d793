package hosts

import "time"

// A host that has delivered nothing yet, or keeps failing, gets at most 1/fairShare
// of the workers' time while others have images waiting. So a host that fails slowly
// costs the others five percent.
const fairShare = 20

// minQuota returns how many executors such a host may have at once. With few workers
// one is more than 1/fairShare; then the host has to rest in between: see cutQuota.
func (h *Governor) minQuota() int { return max(1, h.opts.Workers/fairShare) }

// crowded reports whether other hosts may want the executors that one host does not
// get. They may if there are other hosts, and more of the list is to come.
func (h *Governor) crowded() bool { return len(h.byName) > 1 && !h.listDone && !h.backlogFull }

// quotaOf returns how many tasks of s may be with executors. The quota grows by one
// for each image that s delivers, and halves with each failure.
func (h *Governor) quotaOf(s *host) int {
	if h.crowded() {
		return s.quota
	}
	return h.opts.Workers
}

// mayGo reports whether a task of s may go to an executor now. If s is held back, the
// task goes as its probe.
func (h *Governor) mayGo(s *host) bool {
	if s.heldBack {
		return !s.givenUp && !s.probing && !time.Now().Before(s.heldUntil)
	}
	return s.busy < h.quotaOf(s) && (s.restUntil.IsZero() || !h.crowded() || !time.Now().Before(s.restUntil))
}

// cutQuota halves the quota of a host that failed after it had an executor for the
// time took. At the smallest quota the host has to rest as well.
func (h *Governor) cutQuota(s *host, now time.Time, took time.Duration) {
	s.quota = max(h.minQuota(), s.quota/2)
	if s.quota == h.minQuota() {
		s.restUntil = now.Add(h.restFor(took))
	}
}

// restFor returns how long a host rests after it had an executor for the time took,
// so that it keeps to 1/fairShare of the workers' time.
func (h *Governor) restFor(took time.Duration) time.Duration {
	return took * time.Duration(max(0, fairShare-h.opts.Workers)) / time.Duration(h.opts.Workers)
}
