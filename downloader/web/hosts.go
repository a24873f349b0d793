package web

import (
	"cmp"
	"slices"

	"grab/downloader"
)

// Bounds of what is kept and shown of hosts.
const (
	maxTroubled = 1000
	maxShown    = 100
)

// troubled are the hosts that were given up or get fewer requests, by name, with the last
// event of each. The hosts that are held are not among them: the counters know those.
type troubled map[string]downloader.HostEvent

// note keeps an event. When there are too many hosts, further ones are left out.
func (t troubled) note(e downloader.HostEvent) {
	switch e.Change {
	case downloader.HostBack:
		delete(t, e.Host)
	case downloader.HostSlower, downloader.HostGivenUp:
		if _, known := t[e.Host]; known || len(t) < maxTroubled {
			t[e.Host] = e
		}
	}
}

// Host is a host that does not deliver as others do.
type Host struct {
	Host     string  `json:"host"`
	State    string  `json:"state"` // held, given-up or slower
	Class    string  `json:"class"` // of its last failure
	Reason   string  `json:"reason"`
	Failures int     `json:"failures"`     // in a row; 0 if it is not held
	Images   int     `json:"images"`       // that wait for it
	Next     float64 `json:"next_seconds"` // until it is asked again; slower: between two requests
	Limit    int     `json:"limit"`        // images at once; 0: not known
}

// hostList joins the hosts that are held with those of the events. The hosts that most images
// wait for come first; of many it returns the first.
func hostList(held []downloader.HostState, events troubled) []Host {
	list, listed := []Host{}, map[string]bool{}
	for _, s := range held {
		list = append(list, Host{
			Host: s.Host, State: string(downloader.HostHeld), Class: string(s.Class), Reason: s.Reason,
			Failures: s.Failures, Images: s.Images, Next: s.Next.Seconds(), Limit: events[s.Host].Limit,
		})
		if len(events) > 0 {
			listed[s.Host] = true
		}
	}
	for name, e := range events {
		if !listed[name] {
			list = append(list, Host{
				Host: name, State: string(e.Change), Class: string(e.Class), Reason: e.Reason,
				Images: e.Images, Next: e.Wait.Seconds(), Limit: e.Limit,
			})
		}
	}
	slices.SortFunc(list, func(a, b Host) int {
		return cmp.Or(cmp.Compare(b.Images, a.Images), cmp.Compare(a.Host, b.Host))
	})
	return list[:min(len(list), maxShown)]
}
