package robots

import (
	"context"
	"fmt"
	"net/url"
	"strings"
	"sync"
	"time"

	"grab/downloader/internal/flight"
)

// MaxRedirects is how many redirects a Fetch follows (RFC 9309 section 2.3.1.2).
const MaxRedirects = 5

// Fetch gets a robots.txt. It follows up to [MaxRedirects] redirects, also to other
// origins, and reads [MaxSize] bytes at most. After more redirects, it returns the status
// of the last. err says that the server could not be reached.
type Fetch func(ctx context.Context, url string) (status int, body []byte, err error)

// The bounds of a cache's memory. Beyond them, some origins are asked again.
const (
	maxOrigins = 100_000
	maxBytes   = 64 << 20 // of rules
)

// Cache has what the robots.txt of each origin says to one agent. Each is fetched once in
// the life of the cache, which is a run: RFC 9309 section 2.4 allows a day. It is safe for
// concurrent use.
type Cache struct {
	agent    string
	fetch    Fetch
	fetching flight.Group[string, verdict]

	mu    sync.Mutex
	known map[string]verdict // by origin
	bytes int                // of the rules in known
}

// verdict is what is known of an origin.
type verdict struct {
	policy
	refused string // why nothing may be asked for; "": policy says what may
	failure error  // the server could not be reached
}

// New returns a cache for an agent that gets each robots.txt with fetch.
func New(agent string, fetch Fetch) *Cache {
	return &Cache{agent: agent, fetch: fetch, known: map[string]verdict{}}
}

// Check reports whether a URL may be asked for, the line of robots.txt or the failure
// that decided, and the Crawl-delay of the origin. An error says that the server could not
// be reached, or that ctx has ended: then the URL must not be asked for now (RFC 9309
// section 2.3.1.4), and the next call tries again.
func (c *Cache) Check(ctx context.Context, rawURL string) (rule string, delay time.Duration, allowed bool, err error) {
	u, err := url.Parse(rawURL)
	if err != nil {
		return "", 0, false, err
	}
	origin := u.Scheme + "://" + strings.ToLower(u.Host)
	v, known := c.recall(origin)
	if !known {
		v, err = c.fetching.Do(ctx, origin, func(ctx context.Context) verdict { return c.ask(ctx, origin) })
		if err == nil {
			err = v.failure
		}
		if err != nil {
			return "", 0, false, err
		}
	}
	if v.refused != "" {
		return v.refused, 0, false, nil
	}
	path := u.EscapedPath()
	if path == "" {
		path = "/"
	}
	if u.RawQuery != "" {
		path += "?" + u.RawQuery
	}
	allowed, rule = v.allows(path)
	return rule, v.delay, allowed, nil
}

func (c *Cache) recall(origin string) (verdict, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	v, known := c.known[origin]
	return v, known
}

// ask fetches the robots.txt of an origin. A status of 4xx, or redirects without end, say
// that there is none (RFC 9309 sections 2.3.1.2 and 2.3.1.3). A server that fails refuses
// everything (section 2.3.1.4).
func (c *Cache) ask(ctx context.Context, origin string) verdict {
	// Another flight may have ended since the caller looked.
	if v, known := c.recall(origin); known {
		return v
	}
	status, body, err := c.fetch(ctx, origin+"/robots.txt")
	var v verdict
	switch {
	case err != nil:
		return verdict{failure: err}
	case status >= 500:
		v.refused = fmt.Sprintf("robots.txt: status %d", status)
	case status >= 200 && status < 300:
		v.policy = Parse(body).of(c.agent)
	}
	if ctx.Err() == nil {
		c.remember(origin, v)
	}
	return v
}

// remember adds a verdict, and forgets others beyond the bounds.
func (c *Cache) remember(origin string, v verdict) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.bytes += v.size()
	for other, old := range c.known {
		if len(c.known) < maxOrigins && c.bytes <= maxBytes {
			break
		}
		c.bytes -= old.size()
		delete(c.known, other)
	}
	c.known[origin] = v
}

// size returns about how much memory the rules take.
func (v verdict) size() (n int) {
	for _, r := range v.rules {
		n += len(r.pattern) + len(r.line) + 64
	}
	return n
}
