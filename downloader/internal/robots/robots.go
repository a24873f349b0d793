// Package robots reads what sites say about automatic clients: robots.txt (RFC 9309),
// and the response headers by which they opt out of data sets.
package robots

import (
	"slices"
	"strconv"
	"strings"
	"time"
)

// MaxSize is how much of a robots.txt is read, in bytes. It is the least that a parser
// must read (RFC 9309 section 2.5).
const MaxSize = 500 << 10

// maxDelay is the longest Crawl-delay that can be meant.
const maxDelay = 24 * time.Hour

// Rules are the groups of a robots.txt.
type Rules struct{ groups []group }

// group is the rules for some agents.
type group struct {
	agents []string // product tokens in lower case; "*" stands for all
	rules  []rule
	delay  time.Duration
}

// rule is an allow or disallow line.
type rule struct {
	allow   bool
	pattern string // normalized
	line    string // as messages show it
}

// Parse parses a robots.txt. It takes what it can read: an unknown or malformed line is
// ignored (RFC 9309 section 2.2.4). What is beyond [MaxSize] does not count.
func Parse(text []byte) *Rules {
	text = text[:min(len(text), MaxSize)]
	r := &Rules{}
	naming := false // the last lines were user-agent lines, so that another belongs to them
	for line := range strings.FieldsFuncSeq(strings.TrimPrefix(string(text), "\ufeff"), isLineEnd) {
		line, _, _ = strings.Cut(line, "#")
		key, value, found := strings.Cut(line, ":")
		if !found {
			continue
		}
		key, value = strings.ToLower(strings.Trim(key, " \t")), strings.Trim(value, " \t")
		if key == "user-agent" {
			if !naming {
				r.groups = append(r.groups, group{})
			}
			naming = true
			g := &r.groups[len(r.groups)-1]
			g.agents = append(g.agents, productToken(value))
			continue
		}
		if len(r.groups) == 0 {
			continue // a rule of no group
		}
		g := &r.groups[len(r.groups)-1]
		switch key {
		case "allow", "disallow":
			naming = false
			if value != "" { // an empty pattern matches nothing
				g.rules = append(g.rules, rule{key == "allow", normalizePattern(value), key + ": " + value})
			}
		case "crawl-delay": // ends no list of agents (RFC 9309 section 2.2.4)
			g.delay = max(g.delay, parseDelay(value))
		}
	}
	return r
}

func isLineEnd(r rune) bool { return r == '\n' || r == '\r' }

// productToken returns the part of an agent's name that counts, in lower case: its
// leading letters, hyphens and underscores (RFC 9309 section 2.2.1). "*" stays.
func productToken(agent string) string {
	if strings.HasPrefix(agent, "*") {
		return "*"
	}
	end := strings.IndexFunc(agent, func(r rune) bool {
		letter := 'a' <= r|0x20 && r|0x20 <= 'z'
		return !letter && r != '-' && r != '_'
	})
	if end >= 0 {
		agent = agent[:end]
	}
	return strings.ToLower(agent)
}

// parseDelay returns the time of a Crawl-delay, in seconds with an optional fraction. RFC
// 9309 has no such line, but many sites do.
func parseDelay(value string) time.Duration {
	seconds, err := strconv.ParseFloat(value, 64)
	if err != nil || !(seconds > 0) {
		return 0
	}
	if seconds >= maxDelay.Seconds() {
		return maxDelay
	}
	return time.Duration(seconds * float64(time.Second))
}

// policy is what a robots.txt says to one agent.
type policy struct {
	rules []rule
	delay time.Duration
}

// of returns the policy for an agent: of all groups that name it, together, or else of
// all groups for "*" (RFC 9309 section 2.2.1).
func (r *Rules) of(agent string) policy {
	token := productToken(agent)
	for _, name := range []string{token, "*"} {
		var p policy
		found := false
		for _, g := range r.groups {
			if name != "" && slices.Contains(g.agents, name) {
				found = true
				p.rules, p.delay = append(p.rules, g.rules...), max(p.delay, g.delay)
			}
		}
		if found {
			return p
		}
	}
	return policy{}
}

// Allowed reports whether an agent may ask for a path, which has its query with it. rule
// is the line that decided, or "".
func (r *Rules) Allowed(agent, path string) (ok bool, rule string) { return r.of(agent).allows(path) }

// allows reports whether a path may be asked for. The longest pattern that matches
// decides; of two of the same length, that of an allow line (RFC 9309 section 2.2.2).
// What no pattern matches is allowed, and robots.txt itself always is.
func (p policy) allows(path string) (ok bool, rule string) {
	path = normalize(path)
	if path == "/robots.txt" {
		return true, ""
	}
	ok, longest := true, -1
	for _, one := range p.rules {
		length := len(one.pattern)
		if length < longest || length == longest && !one.allow || !matches(one.pattern, path) {
			continue
		}
		ok, longest, rule = one.allow, length, one.line
	}
	return ok, rule
}

// Delay returns the Crawl-delay for an agent; 0: there is none.
func (r *Rules) Delay(agent string) time.Duration { return r.of(agent).delay }
