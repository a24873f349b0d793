package testserver

import (
	"context"
	"crypto/tls"
	"io"
	"net"
	"sync"
	"sync/atomic"
	"time"
)

// relay passes frames of HTTP/2 between a client and net/http's server, so
// that a fault can change them on their way.
type relay struct {
	client net.Conn
	server net.Conn

	// up and down see the frames that come from the client and from the
	// server. They return false to keep one back. Nil passes all.
	up, down func(frame) bool

	greeted chan struct{} // closed when the first frame of the server was passed on
	greet   sync.Once

	mute    atomic.Bool // neither passes anything any more
	entered atomic.Bool // the client has sent a request

	clientMu sync.Mutex // one frame to the client at a time
	serverMu sync.Mutex
	deadMu   sync.Mutex
	dead     map[uint32]bool // streams that the client takes for ended

	wg sync.WaitGroup
}

// relay serves a connection whose frames a fault changes.
func (lk *linker) relay(c *conn, secure *tls.Conn, f *Fault) {
	started := time.Now()
	near, far := net.Pipe()
	r := &relay{client: secure, server: near, dead: make(map[uint32]bool), greeted: make(chan struct{})}
	f.link.tap(r)
	lk.in.relays.put(&conn{Conn: pipeEnd{far, secure}, seat: seat{fault: f}})
	r.run(lk.in.splitter.ctx)
	if !r.entered.Load() {
		lk.record(c, secure.ConnectionState().ServerName, started, nil)
	}
}

// pipeEnd has the addresses of the connection that it stands for.
type pipeEnd struct {
	net.Conn
	of net.Conn
}

func (p pipeEnd) RemoteAddr() net.Addr { return p.of.RemoteAddr() }
func (p pipeEnd) LocalAddr() net.Addr  { return p.of.LocalAddr() }

// run passes frames until one side or ctx ends.
func (r *relay) run(ctx context.Context) {
	defer context.AfterFunc(ctx, r.end)()
	r.client.SetDeadline(time.Now().Add(maxPlay))
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
}

func (r *relay) end() {
	under(r.client).Close()
	r.server.Close()
}

func (r *relay) pass(from io.Reader, handle func(frame)) {
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

func (r *relay) fromClient(f frame) {
	if f.isSettings() {
		// Without its table, HPACK has no state that a frame kept back
		// could spoil.
		f = f.set(settingTableSize, 0)
	}
	if f.kind == frameHeaders {
		// A client hears nothing before the server's settings (RFC 9113
		// section 3.4), whatever the fault says to a request.
		<-r.greeted
	}
	if r.up != nil && !r.up(f) {
		return
	}
	r.toServer(f)
	if f.kind == frameHeaders {
		r.entered.Store(true)
	}
}

func (r *relay) fromServer(f frame) {
	r.deadMu.Lock()
	dead := r.dead[f.stream]
	r.deadMu.Unlock()
	if !dead && (r.down == nil || r.down(f)) {
		r.toClient(f)
	}
	r.greet.Do(func() { close(r.greeted) })
}

// toClient sends frames. A failure shows when the connection is read.
func (r *relay) toClient(frames ...frame) error { return send(&r.clientMu, r.client, frames) }

func (r *relay) toServer(frames ...frame) error { return send(&r.serverMu, r.server, frames) }

func send(mu *sync.Mutex, w io.Writer, frames []frame) error {
	var b []byte
	for _, f := range frames {
		b = f.appendTo(b)
	}
	mu.Lock()
	defer mu.Unlock()
	_, err := w.Write(b)
	return err
}

// silence keeps back what the server says on a stream from now on.
func (r *relay) silence(stream uint32) {
	r.deadMu.Lock()
	defer r.deadMu.Unlock()
	r.dead[stream] = true
}

// reset ends a stream: for the client with a code, for the server as
// cancelled.
func (r *relay) reset(stream, code uint32) {
	r.silence(stream)
	r.toClient(resetFrame(stream, code))
	r.toServer(resetFrame(stream, codeCancel))
}

// onRequest calls do when the header of a request has been passed on, whose
// answer is kept back.
func (r *relay) onRequest(do func(stream uint32)) {
	r.up = func(f frame) bool {
		if !f.endsHeaders() {
			return true
		}
		r.silence(f.stream)
		r.toServer(f)
		r.entered.Store(true)
		do(f.stream)
		return false
	}
}

// flood sends the client batches of frames, as many as it takes, first once
// and then more again and again. Nothing else is sent meanwhile.
func (r *relay) flood(first []frame, more frame) {
	r.mute.Store(true)
	r.wg.Go(func() {
		defer r.end()
		var one, batch []byte
		for _, f := range first {
			one = f.appendTo(one)
		}
		for len(batch) < 16<<10 {
			batch = more.appendTo(batch)
		}
		r.clientMu.Lock()
		defer r.clientMu.Unlock()
		r.client.SetWriteDeadline(time.Now().Add(floodTime))
		_, err := r.client.Write(one)
		for total := 0; err == nil && total < maxFlood; total += len(batch) {
			_, err = r.client.Write(batch)
		}
	})
}
