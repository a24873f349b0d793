package serving

import (
	"net/http"
	"sync"
)

// gate counts the requests being served. A closed http.Server does not wait for its
// handlers, and its HTTP/2 may even start one afterwards.
type gate struct {
	mu     sync.Mutex
	inside int
	shut   bool
	empty  chan struct{} // closed when the gate is shut and nothing is inside
}

func newGate() *gate {
	return &gate{empty: make(chan struct{})}
}

func (g *gate) enter() bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	if !g.shut {
		g.inside++
	}
	return !g.shut
}

func (g *gate) leave() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.inside--
	if g.shut && g.inside == 0 {
		close(g.empty)
	}
}

// close admits no further requests and waits for those inside.
func (g *gate) close() {
	g.mu.Lock()
	if !g.shut {
		g.shut = true
		if g.inside == 0 {
			close(g.empty)
		}
	}
	g.mu.Unlock()
	<-g.empty
}

// guard serves requests while the gate is open.
func (g *gate) guard(h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !g.enter() {
			return
		}
		defer g.leave()
		h.ServeHTTP(w, r)
	})
}
