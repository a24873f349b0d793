package fetch

import (
	"errors"
	"sync"

	"grab/downloader"
)

// A host whose responses without an image were confirmed so often is believed from then
// on. A list with many dead links at one host would cost twice the requests otherwise.
const enoughConfirmed = 2

// maxConfirmed bounds the memory for hosts. Beyond it, all start over.
const maxConfirmed = 10_000

// confirmed counts for each host how many responses that were no image came again on a
// new connection.
type confirmed struct {
	mu    sync.Mutex
	hosts map[string]int
}

// believes reports whether a host's responses need no confirmation.
func (c *confirmed) believes(host string) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.hosts[host] >= enoughConfirmed
}

// note notes what a host's first response led to, and its second. A host that mixed them
// up is not believed for the rest of the run.
func (c *confirmed) note(host string, first, second error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.hosts == nil || len(c.hosts) >= maxConfirmed {
		c.hosts = map[string]int{}
	}
	if sameFailure(first, second) {
		c.hosts[host]++
	} else {
		c.hosts[host] = -1 << 30
	}
}

func sameFailure(a, b error) bool {
	first, ok := errors.AsType[*downloader.Error](a)
	second, also := errors.AsType[*downloader.Error](b)
	return ok && also && first.Class == second.Class
}
