package testserver

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strings"
	"sync"
	"time"

	"grab/testserver/authority"
	"grab/testserver/ledger"
)

// defaultAddr is any free port, for programs of this machine only.
const defaultAddr = "127.0.0.1:0"

// Server serves images. It implements http.Handler. It is safe for concurrent use.
type Server struct {
	handler *handler

	mu      sync.Mutex
	running *instance // nil before Start
	closed  bool
}

// New returns a server that does not listen yet. It fails if the options are not
// valid, or if there is no randomness for its certificates.
func New(o Options) (*Server, error) {
	if err := o.Validate(); err != nil {
		return nil, err
	}
	ca, err := authority.New()
	if err != nil {
		return nil, err
	}
	return &Server{handler: newHandler(o, ca)}, nil
}

// Start listens on addr, a host and a port, and serves in goroutines of its own until
// Close or Shutdown. An empty addr is "127.0.0.1:0": any free port. A server can be
// started once.
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
	s.running = serve(l, s.handler)
	return nil
}

// ServeHTTP implements http.Handler. With it, a server that was not started can be
// part of another one. The ledger then does not know its connections.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.handler.ServeHTTP(w, r)
}

// Addr returns the address that the server listens on, such as "127.0.0.1:41234", or
// "" before Start.
func (s *Server) Addr() string {
	if in := s.instance(); in != nil {
		return in.splitter.Addr().String()
	}
	return ""
}

// URL returns the http URL of a path on the server's address. The path may have a
// query.
func (s *Server) URL(path string) string {
	return "http://" + s.Addr() + path
}

// TLSURL returns the https URL of a path on the server's address. Clients have to
// trust CA for it.
func (s *Server) TLSURL(path string) string {
	return "https://" + s.Addr() + path
}

// FaultAddr returns an address where every connection and every request has a fault,
// whatever the host. It is opened on the first call and closed with the server.
func (s *Server) FaultAddr(name string) (string, error) {
	f := s.handler.catalogue[strings.ToLower(name)]
	if f == nil {
		return "", fmt.Errorf("testserver: no fault is named %q", name)
	}
	in := s.instance()
	if in == nil {
		return "", errors.New("testserver: not started")
	}
	return in.interceptor.addr(f)
}

// CA returns the certificate of the authority that signs all certificates of the
// server, as PEM. Each server has an authority of its own.
func (s *Server) CA() []byte {
	return s.handler.authority.PEM()
}

// Ledger returns what clients asked the server for since it was made or reset. The
// copy is the caller's.
func (s *Server) Ledger() ledger.Ledger {
	return s.handler.recorder.Snapshot()
}

// Reset empties the ledger and forgets which URIs were requested, so that the next
// requests have the latencies and faults of a new server. Requests being answered are
// not recorded.
func (s *Server) Reset() {
	s.handler.reset()
}

// Close stops the server. It ends every connection, also during a response, and
// returns when every goroutine has ended. Further calls do no harm.
func (s *Server) Close() error {
	in := s.end()
	if in == nil {
		return nil
	}
	return in.close()
}

// ShutdownAfter waits for the end of ctx, and then shuts the server down within grace.
func (s *Server) ShutdownAfter(ctx context.Context, grace time.Duration) error {
	<-ctx.Done()
	last, cancel := context.WithTimeout(context.WithoutCancel(ctx), grace)
	defer cancel()
	return s.Shutdown(last)
}

// Shutdown stops accepting connections, lets the current responses finish, and then
// closes the server. When ctx ends first, it closes the server at once and returns
// the context's error.
func (s *Server) Shutdown(ctx context.Context) error {
	in := s.end()
	if in == nil {
		return nil
	}
	err := in.shutdown(ctx)
	if closeErr := in.close(); err == nil {
		err = closeErr
	}
	return err
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
