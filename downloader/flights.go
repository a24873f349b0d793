package downloader

import (
	"fmt"
	"slices"
	"sync"
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
	for _, f := range c.flights.list() {
		doing, since := f.doing, f.since
		if f.tracker != nil {
			var at phase
			at, since = f.tracker.now()
			if doing = at.String(); doing == "" {
				doing = "wait for a connection"
			}
			if since.IsZero() {
				since = f.taken
			}
		}
		all = append(all, Flight{Item: f.item, Phase: doing, For: now.Sub(since), Total: now.Sub(f.taken)})
	}
	slices.SortFunc(all, func(a, b Flight) int { return a.Index - b.Index })
	return all
}

// flights are the images in flight, for those who ask. Its lock is held for no
// longer than it takes to copy one entry for each worker.
type flights struct {
	mu  sync.Mutex
	all map[int]flight // by index
}

type flight struct {
	item    Item
	taken   time.Time
	tracker *tracker // knows what it is at; nil: doing does
	doing   string
	since   time.Time
}

func (f *flights) list() []flight {
	f.mu.Lock()
	defer f.mu.Unlock()
	all := make([]flight, 0, len(f.all))
	for _, one := range f.all {
		all = append(all, one)
	}
	return all
}

func (f *flights) begin(item Item, taken time.Time) {
	f.mu.Lock()
	if f.all == nil {
		f.all = map[int]flight{}
	}
	f.all[item.Index] = flight{item: item, taken: taken, doing: "wait for a worker process", since: taken}
	f.mu.Unlock()
}

// follow lets t tell what an image is at; nil: it is in the parent's hands again.
func (f *flights) follow(index int, t *tracker) {
	f.mu.Lock()
	if one, ok := f.all[index]; ok {
		one.tracker = t
		if t == nil {
			one.doing, one.since = "put in place", time.Now()
		}
		f.all[index] = one
	}
	f.mu.Unlock()
}

func (f *flights) end(index int) {
	f.mu.Lock()
	delete(f.all, index)
	f.mu.Unlock()
}

// phase returns what a child's only image is at.
func (f *flights) phase() phase {
	for _, one := range f.list() {
		if one.tracker != nil {
			at, _ := one.tracker.now()
			return at
		}
	}
	return phaseStart
}
