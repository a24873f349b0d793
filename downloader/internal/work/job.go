package work

import (
	"context"
	"slices"
	"strconv"
	"time"

	"grab/downloader"
	"grab/downloader/imagefile"
	"grab/downloader/live"
)

// executor does the work on items, one at a time.
type Executor interface {
	// Do fetches an item as far as its sealed staging file. It always returns,
	// at the latest when ctx ends. When the host would not answer it does not
	// wait to ask again: it tells of the trouble, and the caller may call again.
	Do(ctx context.Context, j Job) Outcome
}

// fetched is what an executor made of an item.
type Outcome struct {
	Result downloader.Result `json:"result"` // with the status ok: all but its place is known
	Staged downloader.Staged `json:"staged"` // the sealed file, if ok

	Trouble *Trouble `json:"trouble,omitempty"` // failed, and for a reason that its host's other images may share

	Received int64 `json:"received"` // bytes that only the executor has counted: a child's since its last tick
}

// answers reports whether f is what an executor can make of item. A parent does
// not take a child's word for where files go.
func (f *Outcome) Answers(item downloader.Item) bool {
	if f.Result.Item != item.Public() || f.Trouble != nil && f.Result.Status != downloader.StatusFailed {
		return false
	}
	switch f.Result.Status {
	case downloader.StatusFailed, downloader.StatusCanceled:
		return f.Result.Class != ""
	case downloader.StatusOK:
		return f.Staged == StagedFor(item, f.Staged.Ext) && slices.Contains(imagefile.Extensions(), f.Staged.Ext)
	default:
		return false
	}
}

func StagedFor(item downloader.Item, ext string) downloader.Staged {
	return downloader.Staged{Item: item, Path: downloader.StateDir + "/" + StagedName(item.Index), Ext: ext}
}

// notBegun is the end of an item that an interrupt came before.
func InterruptedBeforeStart() *downloader.Error {
	return &downloader.Error{Class: downloader.ClassCanceled, Reason: "interrupted before it began"}
}

// job is an item, and what earlier calls of Do have spent on it.
type Job struct {
	downloader.Item
	Attempts int               `json:"attempts,omitempty"`
	Spent    time.Duration     `json:"spent,omitempty"`   // since the first call, waits included
	Timing   downloader.Timing `json:"timing,omitzero"`   // of the earlier calls
	HeaderTimedOut  bool              `json:"unheard,omitempty"` // nobody answered the last attempt in time

	Entry *live.Entry // nil: nobody asks
}

// follow lets t tell what the item is at.
func (j *Job) Follow(t *live.Tracker) {
	if j.Entry != nil {
		j.Entry.Tracker.Store(t)
	}
}

// trouble is a failure of an item's host. The item has another attempt if Again
// is true; the result is what is to be told if it is not made.
type Trouble struct {
	Again bool          `json:"again"`
	Wait  time.Duration `json:"wait"`  // at least, before the other attempt
	Asked time.Duration `json:"asked"` // by the host, to be left alone; 0: it did not ask
}

// stagedSuffix ends the names of staging files.
const StagedSuffix = ".part"

// stagedName is the name of an item's staging file in the state folder. It
// follows from the index, so a parent can clear up after a child.
func StagedName(index int) string { return strconv.Itoa(index) + StagedSuffix }
