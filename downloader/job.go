package downloader

import "time"

// job is an item, and what earlier calls of Do have spent on it.
type job struct {
	Item
	Attempts int           `json:"attempts,omitempty"`
	Spent    time.Duration `json:"spent,omitempty"`   // since the first call, waits included
	Timing   Timing        `json:"timing,omitzero"`   // of the earlier calls
	Unheard  bool          `json:"unheard,omitempty"` // nobody answered the last attempt in time

	flight *flight // nil: nobody asks
}

// follow lets t tell what the item is at.
func (j *job) follow(t *tracker) {
	if j.flight != nil {
		j.flight.tracker.Store(t)
	}
}

// trouble is a failure of an item's host. The item has another attempt if Again
// is true; the result is what is to be told if it is not made.
type trouble struct {
	Again bool          `json:"again"`
	Wait  time.Duration `json:"wait"`  // at least, before the other attempt
	Asked time.Duration `json:"asked"` // by the host, to be left alone; 0: it did not ask
}

// troubleOf returns what the failure of an image says about its host, or nil.
func troubleOf(err *Error, again bool, wait time.Duration) *trouble {
	if !err.OfHost() {
		return nil
	}
	return &trouble{Again: again, Wait: wait, Asked: err.RetryAfter}
}

// unanswered reports whether err is a host's failure to answer, or its wish to be
// left alone. A body that broke off is not: its image is asked for again at once.
func unanswered(err *Error) bool {
	return !silent(err) && err.Class != ClassTruncated && err.OfHost() && err.Op != phaseBody.String()
}

// silent reports whether err is a body that took its time and did not come.
func silent(err *Error) bool { return err.Class == ClassStall || err.Class == ClassSlow }
