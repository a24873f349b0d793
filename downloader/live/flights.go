package live

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"grab/downloader"
	"grab/downloader/internal/sanitize"
)

// Flight is an image that a worker has in hand.
type Flight struct {
	downloader.Item
	Phase string        // what it is at
	For   time.Duration // how long it has been at that
	Total time.Duration // since a worker took it
}

// String describes the flight in one line.
func (f Flight) String() string {
	return fmt.Sprintf("%s: %s for %v, %v in all", sanitize.Text(f.Where(), sanitize.MaxError), f.Phase,
		f.For.Round(time.Millisecond), f.Total.Round(time.Millisecond))
}

// Flights returns the images that are in flight, in the order of the list.
func (c *Counters) Flights() []Flight {
	now := time.Now()
	var all []Flight
	for _, f := range c.entries() {
		doing, since := f.now()
		all = append(all, Flight{Item: f.item, Phase: doing, For: now.Sub(since), Total: now.Sub(f.Taken)})
	}
	slices.SortFunc(all, func(a, b Flight) int { return a.Index - b.Index })
	return all
}

// flights are the images in flight, for those who ask. Its lock is held for no
// longer than it takes to copy one pointer for each worker.
type inFlight struct {
	mu  sync.Mutex
	all map[*Entry]struct{}
}

func (c *Counters) entries() []*Entry {
	c.inFlight.mu.Lock()
	defer c.inFlight.mu.Unlock()
	return slices.Collect(maps.Keys(c.inFlight.all))
}

// Begin adds an image that a worker has taken. The caller ends it.
func (c *Counters) Begin(item downloader.Item) *Entry {
	f, one := &c.inFlight, &Entry{item: item, Taken: time.Now()}
	f.mu.Lock()
	if f.all == nil {
		f.all = map[*Entry]struct{}{}
	}
	f.all[one] = struct{}{}
	f.mu.Unlock()
	return one
}

// End removes an image that [Counters.Begin] added.
func (c *Counters) End(one *Entry) {
	c.inFlight.mu.Lock()
	delete(c.inFlight.all, one)
	c.inFlight.mu.Unlock()
}

// Phase returns the phase of the only image in flight, as a child process has it.
func (c *Counters) Phase() Phase {
	for _, one := range c.entries() {
		if t := one.Tracker.Load(); t != nil {
			at, _ := t.Now()
			return at
		}
	}
	return PhaseStart
}

// flight is one image in flight.
type Entry struct {
	item    downloader.Item
	Taken   time.Time
	Tracker atomic.Pointer[Tracker]   // knows what it is at; nil: nobody has begun
	Fetched atomic.Pointer[time.Time] // when it came back to the parent's hands; nil: it has not
}

// now returns what f is at, and since when.
func (f *Entry) now() (doing string, since time.Time) {
	if fetched := f.Fetched.Load(); fetched != nil {
		return "put in place", *fetched
	}
	t := f.Tracker.Load()
	if t == nil {
		return "wait for a worker process", f.Taken
	}
	at, since := t.Now()
	if since.IsZero() {
		since = f.Taken
	}
	return cmp.Or(at.String(), "wait for a connection"), since
}
