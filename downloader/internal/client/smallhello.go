package client

import (
	"crypto/tls"
	"errors"
	"io"
	"net"
	"sync"
	"sync/atomic"
	"syscall"
)

// The key share of ML-KEM makes a ClientHello longer than one packet. Some old middleboxes
// and servers drop such a message, or reset the connection (https://tldr.fail). After a
// handshake that ends so, the request is sent once more with a small ClientHello. What
// comes of that is remembered for each host, so that a host that is down costs one more
// handshake, and not one at every attempt.

// classicalCurves are the key exchanges with small key shares.
func classicalCurves() []tls.CurveID {
	return []tls.CurveID{tls.X25519, tls.CurveP256, tls.CurveP384, tls.CurveP521}
}

// maxHellos limits the number of hosts that are remembered. Beyond it, no other host
// gets a small ClientHello.
const maxHellos = 4096

// smallHellos remembers which hosts were sent a small ClientHello.
type smallHellos struct {
	any   atomic.Bool // whether there is such a host: most runs have none
	mu    sync.Mutex
	helps map[string]bool // by host and port
}

// need reports whether a host is known to need a small ClientHello.
func (s *smallHellos) need(host string) bool {
	if !s.any.Load() {
		return false
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.helps[host]
}

// worthTrying reports whether a small ClientHello may help, after a handshake that
// failed with err.
func (s *smallHellos) worthTrying(host string, err error) bool {
	if !droppedHello(err) {
		return false
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	_, tried := s.helps[host]
	return !tried && len(s.helps) < maxHellos
}

// note remembers whether a small ClientHello has helped. One that did stays.
func (s *smallHellos) note(host string, helped bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.helps == nil {
		s.helps = map[string]bool{}
	}
	s.helps[host] = s.helps[host] || helped
	s.any.Store(true)
}

// droppedHello reports whether a handshake failed as if the ClientHello had been dropped.
func droppedHello(err error) bool {
	timeout, ok := errors.AsType[net.Error](err)
	return ok && timeout.Timeout() || errors.Is(err, syscall.ECONNRESET) || errors.Is(err, io.EOF)
}
