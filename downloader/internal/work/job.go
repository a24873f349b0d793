// Package work is the contract between a run, which decides what is fetched and when,
// and an executor, which fetches one image.
package work

import (
	"context"
	"strconv"
	"time"

	"grab/downloader"
	"grab/downloader/imagefile"
	"grab/downloader/live"
)

// Executor fetches items, one at a time.
type Executor interface {
	// Do fetches an item into a sealed staging file. It always returns, at the latest
	// when ctx ends. If the host does not answer, Do does not wait before another
	// attempt: it returns a [Trouble], and the caller may call Do again.
	Do(ctx context.Context, j Job) Outcome
}

// Outcome is what an executor made of an item.
type Outcome struct {
	Result downloader.Result // if its status is ok, only File is missing; skipped: the image that is there is the newest
	Staged downloader.Staged // the sealed file, if ok

	Trouble *Trouble // set if it failed for a reason that the host's other images may share

	Grown time.Duration // what bodies have added to Options.Timeout, in the earlier calls as well

	Repeats  int   // requests to the item's origin after the first: redirects within it, and such
	Received int64 // bytes that a child has received since its last tick
}

// Answers reports whether f can be an executor's answer to j. A child process must not
// be able to choose where its parent puts files.
func (f *Outcome) Answers(j *Job) bool {
	item := j.Item
	if f.Result.Item != item.Public() || f.Trouble != nil && f.Result.Status != downloader.StatusFailed {
		return false
	}
	switch f.Result.Status {
	case downloader.StatusFailed, downloader.StatusCanceled:
		return f.Result.Class != ""
	case downloader.StatusOK:
		return f.Staged == StagedFor(item, f.Staged.Ext) && imagefile.KnownExtension(f.Staged.Ext)
	case downloader.StatusSkipped:
		return j.Validator.Name != ""
	default:
		return false
	}
}

// StagedFor returns the staging file of an item with the extension ext.
func StagedFor(item downloader.Item, ext string) downloader.Staged {
	item.Ask = nil // so that the answer of a child can be compared
	return downloader.Staged{Item: item, Path: downloader.StateDir + "/" + StagedName(item.Index), Ext: ext}
}

// InterruptedBeforeStart returns the failure of an item that was not begun before an
// interrupt.
func InterruptedBeforeStart() *downloader.Error {
	return &downloader.Error{Class: downloader.ClassCanceled, Reason: "interrupted before it began"}
}

// Job is an item, and what earlier calls of Do have spent on it.
type Job struct {
	downloader.Item
	Attempts       int                  `json:"attempts,omitempty"`
	Forgiven       int                  `json:"forgiven,omitempty"` // of the attempts: those that do not count against Options.Retries
	Spent          time.Duration        `json:"spent,omitempty"`    // since the first call, waits included
	Timing         downloader.Timing    `json:"timing,omitzero"`    // of the earlier calls
	Validator      downloader.Validator `json:"validator,omitzero"` // of the image that is there; set: only another is wanted
	HeaderTimedOut bool                 `json:"unheard,omitempty"`  // the last attempt got no response in time
	Grown          time.Duration        `json:"grown,omitempty"`    // what bodies have added to Options.Timeout

	entry *live.Entry // shows the item's progress in this process; nil: nobody looks
}

// Show makes the job's progress show in e, an entry of this process.
func (j *Job) Show(e *live.Entry) { j.entry = e }

// Follow shows the progress that t knows of in the job's entry.
func (j *Job) Follow(t *live.Tracker) {
	if j.entry != nil {
		j.entry.Tracker.Store(t)
	}
}

// Trouble says that an item is to have another attempt, or that it failed for a reason
// that its host's other items may share. If Again is true, the result counts only if the
// other attempt is not made.
type Trouble struct {
	OfHost  bool
	Offline bool // no host was reached, not even one that refuses: the network may be away
	Again   bool
	Wait    time.Duration // at least, before the next attempt
	Asked   time.Duration // the host's Retry-After; 0: it sent none
}

// StagedSuffix ends the names of staging files.
const StagedSuffix = ".part"

// StagedName returns the name of an item's staging file in the state folder. It
// depends on the index alone, so that a parent can clear up after a child.
func StagedName(index int) string { return strconv.Itoa(index) + StagedSuffix }
