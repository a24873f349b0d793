package client

import "sync"

// maxHosts bounds the memory of a hostSet. Beyond it, the set starts over.
const maxHosts = 10_000

// hostSet is a set of hosts.
type hostSet struct {
	mu    sync.Mutex
	hosts map[string]bool
}

func (s *hostSet) has(host string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.hosts[host]
}

func (s *hostSet) add(host string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.hosts == nil || len(s.hosts) >= maxHosts {
		s.hosts = map[string]bool{}
	}
	s.hosts[host] = true
}
