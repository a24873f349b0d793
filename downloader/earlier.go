package downloader

import (
	"context"
	"encoding/hex"
	"slices"
	"time"
)

// Record is what an earlier run left of an index: what its last line says.
type Record struct {
	SameURL bool   // it was for the URL that is at this index now
	Status  Status // ok or failed
	Class   Class
	File    string // if ok
	Bytes   int64
	SHA256  [32]byte
}

// recall returns what an earlier run left of an item, and whether that settles
// it: there is nothing to fetch.
func (r *run) recall(ctx context.Context, item Item) (rec Record, settled bool) {
	rec, known := r.deps.Recall(item)
	if !known || !rec.SameURL || r.opts.Force {
		return rec, false
	}
	if rec.Status == StatusOK {
		return rec, r.deps.Sink.Holds(ctx, rec, r.opts.Check)
	}
	return rec, len(r.opts.RetryFailed) > 0 && !slices.Contains(r.opts.RetryFailed, rec.Class)
}

// settledBy is the result of an item which the record settles.
func settledBy(rec *Record, item Item) Result {
	result := NewResult(item, time.Now())
	result.Standing = true
	if rec.Status == StatusOK {
		result.Status, result.File, result.Bytes, result.SHA256 = StatusSkipped, rec.File, rec.Bytes, hex.EncodeToString(rec.SHA256[:])
	} else {
		result.fail(&Error{Class: rec.Class, Reason: "failed in an earlier run, and not tried again now"})
	}
	return result
}

// reconcile keeps files and records in step after an item that has an earlier
// record was not fetched. A file of another URL has no right to its name; one of
// this URL, if it is still whole, is better than none, and its record stands.
func (r *run) reconcile(ctx context.Context, rec Record, result *Result) error {
	if rec.File == "" || result.Status != StatusFailed {
		return nil
	}
	if rec.SameURL && r.deps.Sink.Holds(ctx, rec, false) {
		result.Standing = true
		return nil
	}
	return r.deps.Sink.Remove(rec.File)
}
