package engine

import (
	"context"
	"encoding/hex"
	"slices"
	"time"

	"grab/downloader"
)

// recall returns what an earlier run left of an item, and whether that settles
// it: there is nothing to fetch.
func (r *run) recall(ctx context.Context, item downloader.Item) (rec downloader.Earlier, settled bool) {
	rec, known := r.archive.Lookup(item)
	if !known || !rec.SameURL || r.opts.Force {
		return rec, false
	}
	if rec.Status == downloader.StatusOK {
		return rec, r.archive.Holds(ctx, rec, r.opts.Check)
	}
	return rec, len(r.opts.RetryFailed) > 0 && !slices.Contains(r.opts.RetryFailed, rec.Class)
}

// settledBy is the result of an item which the record settles.
func settledBy(rec *downloader.Earlier, item downloader.Item) downloader.Result {
	result := downloader.NewResult(item, time.Now())
	result.AlreadyRecorded = true
	if rec.Status == downloader.StatusOK {
		result.Status, result.File, result.Bytes, result.SHA256 = downloader.StatusSkipped, rec.File, rec.Bytes, hex.EncodeToString(rec.SHA256[:])
	} else {
		result.Fail(&downloader.Error{Class: rec.Class, Reason: "failed in an earlier run, and not tried again now"})
	}
	return result
}

// reconcile keeps files and records in step after an item that has an earlier
// record was not fetched. A file of another URL has no right to its name; one of
// this URL, if it is still whole, is better than none, and its record stands.
func (r *run) reconcile(ctx context.Context, rec downloader.Earlier, result *downloader.Result) error {
	if r.archive == nil || rec.File == "" || result.Status != downloader.StatusFailed {
		return nil
	}
	if rec.SameURL && r.archive.Holds(ctx, rec, false) {
		result.AlreadyRecorded = true
		return nil
	}
	return r.archive.Remove(rec.File)
}
