package downloader

import "context"

// Earlier is what an earlier run left of an item: what its last record says.
type Earlier struct {
	SameURL bool   // it was for the URL that is at this index now
	Status  Status // ok or failed
	Class   Class
	File    string // if ok
	Bytes   int64
	SHA256  [32]byte
}

// Observer is told of every result. It is called from one goroutine only, and
// may take its time: results wait, downloads in flight do not.
type Observer interface {
	Observe(Result)
}

// Flusher is an [Observer] that buffers. Flush is called when no further result
// is waiting, and at the end; its error ends the run, since results would be
// lost otherwise.
type Flusher interface {
	Flush() error
}

// Journal keeps results for later runs. A result is shown to the observers when
// the journal has flushed it; an image whose result it could not keep has failed.
type Journal interface {
	Observer
	Flusher
}

// Archive is a [Sink] that knows what earlier runs left.
type Archive interface {
	Sink

	// Lookup returns what an earlier run left of an item. It may be called from
	// many goroutines at once.
	Lookup(Item) (Earlier, bool)

	// HasEarlier reports whether Lookup knows any item at all.
	HasEarlier() bool
}

// Staged is a sealed file that waits for its place. The file is on the file
// system of the output directory.
type Staged struct {
	Item
	Path string `json:"path"` // relative to the output directory
	Ext  string `json:"ext"`  // by the bytes, with its dot
}

// Sink takes sealed files to their places, and knows what earlier runs put
// there. Its methods may be called from many goroutines at once.
type Sink interface {
	// Put returns the file's name once the file is in place, and owns the
	// staged file from then on.
	Put(ctx context.Context, s Staged) (name string, err error)

	// Holds reports whether the file that an earlier run left is in place and whole:
	// of its size, and if hash is set of its hash.
	Holds(ctx context.Context, earlier Earlier, hash bool) bool

	// Remove removes a file that Put has named, if it is there.
	Remove(name string) error
}

// StateDir is the folder inside an output directory that holds what is not
// finished. Nothing in it outlives a clean run.
const StateDir = ".grab"
