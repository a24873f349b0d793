package testserver

import (
	"errors"
	"fmt"
	"net"
	"sync"
)

// defaultAddr is any free port, for programs of this machine only.
const defaultAddr = "127.0.0.1:0"

// Server serves images. It implements http.Handler, and it is safe for concurrent use.
type Server struct {
	opts      Options
	router    router
	images    *images
	authority *authority
	visits    visits // of images, for their latencies
	plays     visits // of faults, for those that pass
	book      book
	log       requestLog

	mu      sync.Mutex
	running *instance // nil before Start
	closed  bool
}

// New returns a server that does not listen yet. It fails if the options are
// not valid or if there is no randomness for its certificates.
func New(o Options) (*Server, error) {
	if err := o.Validate(); err != nil {
		return nil, err
	}
	ca, err := newAuthority()
	if err != nil {
		return nil, err
	}
	return &Server{
		opts:      o,
		router:    newRouter(o.Seed),
		images:    newImages(o.Seed),
		authority: ca,
		log:       requestLog{w: o.Log},
	}, nil
}

// Start listens on addr, a host and a port, and serves until Close or
// Shutdown, in goroutines of its own. An empty addr is "127.0.0.1:0": any
// free port. A server can be started once.
func (s *Server) Start(addr string) error {
	if addr == "" {
		addr = defaultAddr
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case s.closed:
		return errClosed
	case s.running != nil:
		return errors.New("testserver: started already")
	}
	l, err := net.Listen("tcp", addr)
	if err != nil {
		return fmt.Errorf("testserver: %w", err)
	}
	s.running = serve(l, s)
	return nil
}

// Addr returns the address that the server listens on, such as
// "127.0.0.1:41234", or "" before Start.
func (s *Server) Addr() string {
	if in := s.instance(); in != nil {
		return in.addr
	}
	return ""
}

// URL returns the http URL of a path on the server's address. The path may
// have a query.
func (s *Server) URL(path string) string {
	return "http://" + s.Addr() + path
}

// TLSURL returns the https URL of a path on the server's address. Clients
// have to trust CA for it.
func (s *Server) TLSURL(path string) string {
	return "https://" + s.Addr() + path
}

// CA returns the certificate of the authority behind every https answer, as
// PEM. Each server has an authority of its own.
func (s *Server) CA() []byte {
	return append([]byte(nil), s.authority.pem...)
}

// Ledger returns what the server was asked for since it was made or reset.
// The copy is the caller's.
func (s *Server) Ledger() Ledger {
	return s.book.snapshot()
}

// Reset empties the ledger and forgets which URIs were asked for, so that the
// latencies and faults of the next requests are those of a new server. Requests being
// answered are not recorded.
func (s *Server) Reset() {
	s.visits.reset()
	s.plays.reset()
	s.book.reset()
}

func (s *Server) instance() *instance {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.running
}

// end marks the server as closed and returns what has to be stopped.
func (s *Server) end() *instance {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.closed = true
	return s.running
}
