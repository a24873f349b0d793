package downloader

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

// Flight is an image that a worker has in hand.
type Flight struct {
	Item
	Phase string        // what it is at
	For   time.Duration // how long it has been at that
	Total time.Duration // since a worker took it
}

// String describes the flight in one line.
func (f Flight) String() string {
	return fmt.Sprintf("%s: %s for %v, %v in all", printable(f.Where(), shownError), f.Phase,
		f.For.Round(time.Millisecond), f.Total.Round(time.Millisecond))
}

// Flights returns the images that are in flight, in the order of the list.
func (c *Counters) Flights() []Flight {
	now := time.Now()
	var all []Flight
	for _, f := range c.inHand() {
		doing, since := f.now()
		all = append(all, Flight{Item: f.item, Phase: doing, For: now.Sub(since), Total: now.Sub(f.taken)})
	}
	slices.SortFunc(all, func(a, b Flight) int { return a.Index - b.Index })
	return all
}

// flights are the images in flight, for those who ask. Its lock is held for no
// longer than it takes to copy one pointer for each worker.
type flights struct {
	mu  sync.Mutex
	all map[*flight]struct{}
}

func (c *Counters) inHand() []*flight {
	c.flights.mu.Lock()
	defer c.flights.mu.Unlock()
	return slices.Collect(maps.Keys(c.flights.all))
}

// Begin adds an image that a worker has taken. The caller ends it.
func (c *Counters) Begin(item Item) *flight {
	f, one := &c.flights, &flight{item: item, taken: time.Now()}
	f.mu.Lock()
	if f.all == nil {
		f.all = map[*flight]struct{}{}
	}
	f.all[one] = struct{}{}
	f.mu.Unlock()
	return one
}

// End removes an image that [Counters.Begin] added.
func (c *Counters) End(one *flight) {
	c.flights.mu.Lock()
	delete(c.flights.all, one)
	c.flights.mu.Unlock()
}

// Phase returns the phase of the only image in flight, as a child process has it.
func (c *Counters) Phase() phase {
	for _, one := range c.inHand() {
		if t := one.tracker.Load(); t != nil {
			at, _ := t.now()
			return at
		}
	}
	return phaseStart
}

// flight is one image in flight.
type flight struct {
	item    Item
	taken   time.Time
	tracker atomic.Pointer[tracker]   // knows what it is at; nil: nobody has begun
	fetched atomic.Pointer[time.Time] // when it came back to the parent's hands; nil: it has not
}

// now returns what f is at, and since when.
func (f *flight) now() (doing string, since time.Time) {
	if fetched := f.fetched.Load(); fetched != nil {
		return "put in place", *fetched
	}
	t := f.tracker.Load()
	if t == nil {
		return "wait for a worker process", f.taken
	}
	at, since := t.now()
	if since.IsZero() {
		since = f.taken
	}
	return cmp.Or(at.String(), "wait for a connection"), since
}
