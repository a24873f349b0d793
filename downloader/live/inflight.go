package live

import (
	"cmp"
	"maps"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"grab/downloader"
)

// inFlight is the set of images in flight. Its lock is held only for as long as it
// takes to copy one pointer for each worker.
type inFlight struct {
	mu  sync.Mutex
	all map[*Entry]struct{}
}

func (f *inFlight) add(item downloader.Item, worker int) *Entry {
	e := &Entry{item: item, worker: worker, Taken: time.Now()}
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.all == nil {
		f.all = map[*Entry]struct{}{}
	}
	f.all[e] = struct{}{}
	return e
}

func (f *inFlight) remove(e *Entry) {
	f.mu.Lock()
	defer f.mu.Unlock()
	delete(f.all, e)
}

func (f *inFlight) entries() []*Entry {
	f.mu.Lock()
	defer f.mu.Unlock()
	return slices.Collect(maps.Keys(f.all))
}

// Entry is one image in flight.
type Entry struct {
	item    downloader.Item
	worker  int
	Taken   time.Time                 // when a worker took it
	Tracker atomic.Pointer[Tracker]   // of its executor; nil: no executor has begun with it
	Fetched atomic.Pointer[time.Time] // when its executor was done; nil: it is not
}

// now returns what is being done with the image, and since when.
func (e *Entry) now() (doing string, since time.Time) {
	if fetched := e.Fetched.Load(); fetched != nil {
		return "put in place", *fetched
	}
	t := e.Tracker.Load()
	if t == nil {
		return "wait for a worker process", e.Taken
	}
	at, since := t.Now()
	if since.IsZero() {
		since = e.Taken
	}
	return cmp.Or(at.String(), "wait for a connection"), since
}
