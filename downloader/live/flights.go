package live

import (
	"fmt"
	"slices"
	"time"

	"grab/downloader"
	"grab/downloader/internal/sanitize"
)

// Flight is an image that a worker has in hand.
type Flight struct {
	downloader.Item
	Worker int           // that has it, from 0
	Phase  string        // what is being done with it
	For    time.Duration // since the phase began
	Total  time.Duration // since the worker took it
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
	for _, e := range c.inFlight.entries() {
		doing, since := e.now()
		all = append(all, Flight{Item: e.item, Worker: e.worker, Phase: doing, For: now.Sub(since), Total: now.Sub(e.Taken)})
	}
	slices.SortFunc(all, func(a, b Flight) int { return a.Index - b.Index })
	return all
}
