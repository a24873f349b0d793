package engine

import (
	"context"
	"encoding/hex"
	"fmt"
	"time"

	"grab/downloader"
	"grab/downloader/internal/weburl"
)

// listed is an entry of a list, as its reader gave it.
type listed struct {
	item downloader.Item
	err  error
}

// entry is an entry of a list, and what is known of it.
type entry struct {
	listed
	earlier downloader.Earlier
	known   bool // earlier says something
	settled bool // there is nothing to fetch
	update  bool // there is nothing to fetch but another version
	changed bool // the file's owner has changed it
}

// refused returns why an entry cannot be fetched, or nil.
func (e *entry) refused() *downloader.Error {
	bad, _ := e.err.(*downloader.Error)
	return bad
}

// lookUp looks at what an earlier run left of an entry, and reports whether there is
// nothing to fetch. It may be called from many goroutines at once.
func (r *run) lookUp(ctx context.Context, e *entry) {
	switch {
	case r.opts.Force:
	case !e.known:
		e.earlier, e.settled = r.archive.Adopt(ctx, e.item)
		e.settled = e.settled && asListed(e)
		e.known = e.settled
	case e.earlier.Status == downloader.StatusOK && !asListed(e):
	case e.earlier.Status == downloader.StatusOK:
		state := r.archive.Check(ctx, e.earlier, r.opts.Check)
		e.changed = state == downloader.FileChanged
		e.settled = e.changed || state == downloader.FileIntact
		if e.settled && r.opts.Update && !weburl.IsData(e.item.URL) {
			e.settled, e.update = false, true
		}
	default:
		e.settled = e.earlier.LeftAlone(r.opts, time.Now())
	}
}

// asListed reports whether the earlier image has the SHA-256 that the list has for it now.
func asListed(e *entry) bool {
	return e.item.WantSHA256 == "" || e.item.WantSHA256 == hex.EncodeToString(e.earlier.SHA256[:])
}

// arrange gives the files of a batch the names of their new places.
func (r *run) arrange(ctx context.Context, batch []entry) error {
	var moves []downloader.Move
	var of []*entry
	for i := range batch {
		e := &batch[i]
		if (e.settled || e.update) && e.earlier.Status == downloader.StatusOK && !e.earlier.InPlace(e.item) {
			moves, of = append(moves, downloader.Move{Item: e.item, Earlier: e.earlier}), append(of, e)
		}
	}
	if len(moves) == 0 {
		return nil
	}
	err := r.archive.Arrange(ctx, moves)
	for i, e := range of {
		e.earlier.File = moves[i].File
		e.settled, e.update = e.settled && moves[i].File != "", e.update && moves[i].File != ""
	}
	return err
}

// resultOf is the result of an entry that an earlier run has settled.
func resultOf(e *entry) downloader.Result {
	result := downloader.NewResult(e.item, time.Now())
	result.AlreadyRecorded = e.earlier.ID >= 0
	if e.earlier.Status == downloader.StatusOK {
		result.Status, result.File, result.Bytes = downloader.StatusSkipped, e.earlier.File, e.earlier.Bytes
		result.SHA256, result.Changed = hex.EncodeToString(e.earlier.SHA256[:]), e.changed
		return result
	}
	reason := fmt.Sprintf("failed in an earlier run, and not tried again now: known since %s", e.earlier.Since.Format(time.DateOnly))
	result.Fail(&downloader.Error{Class: e.earlier.Class, Reason: reason})
	result.HTTPStatus, result.Since = e.earlier.HTTPStatus, e.earlier.Since
	return result
}

// reconcile keeps a result and the record of an earlier run in step. What was
// finished stays, whatever has become of this attempt, and so does its record. A
// failure that is no news needs no new record.
func (r *run) reconcile(e *downloader.Earlier, result *downloader.Result) {
	result.Record = e.ID + 1
	switch {
	case result.Status != downloader.StatusFailed:
	case e.Status == downloader.StatusOK:
		result.AlreadyRecorded = true
	case e.SameFailure(result):
		result.Since = e.Since
		asked := r.opts.GoneFor > 0 && result.Class.Gone(result.HTTPStatus) // when is news then
		result.AlreadyRecorded = !asked && e.Index == result.Index
	}
}

// put puts a sealed file in its place, and removes the file that an earlier run left
// of its URL. That one is moved to the place first: its record must never name a file
// that is another image's by then, even if this process is killed.
func (r *run) put(ctx context.Context, e *downloader.Earlier, s downloader.Staged) (placed downloader.Placed, err error) {
	if e == nil || e.Status != downloader.StatusOK {
		return r.deps.Output.Put(ctx, s)
	}
	if !e.InPlace(s.Item) {
		if err := r.archive.Arrange(ctx, []downloader.Move{{Item: s.Item, Earlier: *e}}); err != nil {
			return placed, err
		}
	}
	if placed, err = r.deps.Output.Put(ctx, s); err != nil {
		return placed, err
	}
	return placed, r.archive.Release(ctx, *e, placed.File)
}
