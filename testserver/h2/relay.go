package h2

import (
	"context"
	"io"
	"net"
	"sync"
	"sync/atomic"
	"time"

	"grab/testserver/outlet"
)

// Relay passes frames between a client and net/http's server, so that a fault can
// change them on their way.
type Relay struct {
	client net.Conn
	server net.Conn

	// FromClient and FromServer see each frame before it is passed on. They
	// return false to hold it back. Nil passes every frame.
	FromClient, FromServer func(Frame) bool

	greeted chan struct{} // closed when the server's first frame was passed on
	greet   sync.Once

	mute    atomic.Bool // nothing is passed on any more, in either direction
	entered atomic.Bool // the client has sent a request

	clientMu sync.Mutex // one frame to the client at a time
	serverMu sync.Mutex
	deadMu   sync.Mutex
	dead     map[uint32]bool // streams that have ended for the client

	wg sync.WaitGroup
}

// NewRelay returns a relay between a client and a server.
func NewRelay(client, server net.Conn) *Relay {
	return &Relay{
		client:  client,
		server:  server,
		dead:    make(map[uint32]bool),
		greeted: make(chan struct{}),
	}
}

// Run passes frames until one side or ctx ends. It reports whether the client
// sent a request that was passed on.
func (r *Relay) Run(ctx context.Context) (request bool) {
	defer context.AfterFunc(ctx, r.end)()
	r.client.SetDeadline(time.Now().Add(outlet.MaxPlay))
	r.wg.Go(func() {
		defer r.end()
		defer r.greet.Do(func() { close(r.greeted) }) // nobody needs to wait any more
		r.pass(r.server, r.fromServer)
	})
	r.wg.Go(func() {
		defer r.end()
		if _, err := io.CopyN(r.server, r.client, int64(len(preface))); err == nil {
			r.pass(r.client, r.fromClient)
		}
	})
	r.wg.Wait()
	return r.entered.Load()
}

func (r *Relay) end() {
	outlet.Below(r.client).Close()
	r.server.Close()
}

func (r *Relay) pass(from io.Reader, handle func(Frame)) {
	for {
		f, err := readFrame(from)
		if err != nil {
			return
		}
		if !r.mute.Load() {
			handle(f)
		}
	}
}

func (r *Relay) fromClient(f Frame) {
	if f.IsSettings() {
		// Without its table, HPACK has no state that could be spoiled by
		// holding a frame back.
		f = f.With(SettingTableSize, 0)
	}
	if f.Kind == Headers {
		// Whatever the fault answers to a request, the server's settings
		// reach the client first (RFC 9113 section 3.4).
		<-r.greeted
	}
	if r.FromClient != nil && !r.FromClient(f) {
		return
	}
	r.toServer(f)
	if f.Kind == Headers {
		r.entered.Store(true)
	}
}

func (r *Relay) fromServer(f Frame) {
	r.deadMu.Lock()
	dead := r.dead[f.Stream]
	r.deadMu.Unlock()
	if !dead && (r.FromServer == nil || r.FromServer(f)) {
		r.ToClient(f)
	}
	r.greet.Do(func() { close(r.greeted) })
}

// ToClient sends frames. If that fails, reading from the client fails too.
func (r *Relay) ToClient(frames ...Frame) { send(&r.clientMu, r.client, frames) }

func (r *Relay) toServer(frames ...Frame) { send(&r.serverMu, r.server, frames) }

func send(mu *sync.Mutex, w io.Writer, frames []Frame) {
	var b []byte
	for _, f := range frames {
		b = f.appendTo(b)
	}
	mu.Lock()
	defer mu.Unlock()
	w.Write(b)
}

// Mute stops passing frames in either direction.
func (r *Relay) Mute() { r.mute.Store(true) }

// silence holds back the server's frames of a stream from now on.
func (r *Relay) silence(stream uint32) {
	r.deadMu.Lock()
	defer r.deadMu.Unlock()
	r.dead[stream] = true
}

// Reset ends a stream: for the client with a code, for the server as cancelled.
func (r *Relay) Reset(stream, code uint32) {
	r.silence(stream)
	r.ToClient(resetFrame(stream, code))
	r.toServer(resetFrame(stream, CodeCancel))
}

// OnRequest calls do after the header of a request has been passed on. The
// server's answer to it is held back.
func (r *Relay) OnRequest(do func(stream uint32)) {
	r.FromClient = func(f Frame) bool {
		if !f.endsHeaders() {
			return true
		}
		r.silence(f.Stream)
		r.toServer(f)
		r.entered.Store(true)
		do(f.Stream)
		return false
	}
}

// Flood sends the client the frames of first once, and then more again and again,
// as often as the client reads it. Nothing else is sent meanwhile.
func (r *Relay) Flood(first []Frame, more Frame) {
	r.mute.Store(true)
	r.wg.Go(func() {
		defer r.end()
		var once, batch []byte
		for _, f := range first {
			once = f.appendTo(once)
		}
		for len(batch) < 16<<10 {
			batch = more.appendTo(batch)
		}
		r.clientMu.Lock()
		defer r.clientMu.Unlock()
		r.client.SetWriteDeadline(time.Now().Add(outlet.FloodTime))
		_, err := r.client.Write(once)
		for total := 0; err == nil && total < outlet.MaxFlood; total += len(batch) {
			_, err = r.client.Write(batch)
		}
	})
}
