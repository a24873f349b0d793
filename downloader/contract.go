package downloader

import (
	"context"
	"slices"
	"time"
)

// StateDir is the folder inside an output directory that holds what is not
// finished. Nothing in it outlives a clean run.
const StateDir = ".grab"

// Observer sees every result. It is called from one goroutine only, and may take
// its time: results wait, downloads in flight do not.
type Observer interface {
	Observe(Result)
}

// Flusher is an [Observer] that buffers. Flush is called when no further result
// is waiting, and at the end; its error ends the run, since results would be
// lost otherwise.
type Flusher interface {
	Flush() error
}

// Journal keeps results for later runs. Observers see a result when the journal
// has flushed it; an image whose result it could not keep has failed.
type Journal interface {
	Observer
	Flusher
}

// Staged is a sealed file that waits for its place. The file is on the file
// system of the output directory.
type Staged struct {
	Item
	Path string `json:"path"` // relative to the output directory
	Ext  string `json:"ext"`  // by the bytes, with its dot

	Bytes  int64  `json:"-"` // the parent fills in these, from the result
	SHA256 string `json:"-"` // in hexadecimal
}

// Sink takes sealed files to their places. Its methods may be called from many
// goroutines at once.
type Sink interface {
	// Put returns once the file is in place, and owns the staged file from then on.
	Put(ctx context.Context, s Staged) (Placed, error)
}

// Placed is a file in its place.
type Placed struct {
	File   string // its name
	SameAs string // another file whose bytes it shares; empty: none
}

// Archive is a [Sink] that knows what earlier runs left. The URL is an image's
// identity, and its place in the list only its name.
type Archive interface {
	Sink

	// HasEarlier reports whether there is anything to claim or to adopt.
	HasEarlier() bool

	// Claim returns the record of an item's URL. Each record is given once; equal
	// URLs have a record each. The items come in the order of the list.
	Claim(Item) (Earlier, bool)

	// Check looks at the file of a claimed record, and hashes it if hash is set. It
	// may be called from many goroutines at once.
	Check(ctx context.Context, e Earlier, hash bool) FileState

	// Validators returns what the response with the image of a claimed record said of
	// its version, as it said it; empty for nothing.
	Validators(e Earlier) (etag, lastModified string)

	// Adopt returns a record of the image that is in an item's place and in no
	// record, if it is whole. It may be called from many goroutines at once.
	Adopt(ctx context.Context, item Item) (Earlier, bool)

	// Arrange gives the files of claimed records the names of their items' places,
	// and sets each move's File: to nothing if the file is gone, or was never grab's.
	// Images that are in the way are kept.
	Arrange(ctx context.Context, moves []Move) error

	// Release removes the file of a claimed record once a new image is in its
	// place under the name that Put returned.
	Release(ctx context.Context, e Earlier, name string) error
}

// Earlier is what an earlier run left of a URL: what its last record says.
type Earlier struct {
	ID     int  // the record's, to its archive
	Index  int  // the place in the list that it had
	Named  bool // its file has another name than that of its place
	Status Status

	File   string // if ok
	Bytes  int64
	SHA256 [32]byte

	Class      Class // if failed
	HTTPStatus int
	Since      time.Time // the first of the failures in a row
	Asked      time.Time // the last of them
}

// InPlace reports whether the file has the name of an item's place already. Of items with
// a name of their own, [Archive.Arrange] knows.
func (e Earlier) InPlace(i Item) bool { return e.Index == i.Index && !e.Named && i.Name == "" }

// SameFailure reports whether an item failed again as it did before.
func (e Earlier) SameFailure(r *Result) bool {
	return e.Status == StatusFailed && r.Status == StatusFailed && e.Class == r.Class && e.HTTPStatus == r.HTTPStatus
}

// LeftAlone reports whether an item that has failed is not to be asked for now.
func (e Earlier) LeftAlone(o *Options, now time.Time) bool {
	if len(o.RetryFailed) > 0 && !slices.Contains(o.RetryFailed, e.Class) {
		return true
	}
	if e.Class == ClassRejected && o.Reject.empty() {
		return false // it is wanted now
	}
	return e.Class.Gone(e.HTTPStatus) && now.Sub(e.Asked) < o.GoneFor
}

// FileState is how the file of a record is found.
type FileState uint8

// The states of a file.
const (
	FileMissing FileState = iota // not there, or no regular file
	FileDamaged                  // not as it was written, and no whole image
	FileChanged                  // a whole image, but not as it was written: its owner changed it
	FileIntact                   // as it was written, as far as was looked
)

// Move is an item and the record that it has claimed.
type Move struct {
	Item    Item
	Earlier Earlier
	File    string // the name that the file has in the end
}
