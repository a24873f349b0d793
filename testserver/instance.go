package testserver

import (
	"context"
	"crypto/tls"
	"net"
	"net/http"

	"grab/testserver/faults"
	"grab/testserver/listen"
	"grab/testserver/serving"
)

// instance is a server that listens: one socket, and the http.Servers that share its
// connections.
type instance struct {
	splitter    *listen.Splitter
	interceptor *interceptor
	group       *serving.Group
}

// serve starts an instance on a listener, which it closes.
func serve(l net.Listener, h *handler) *instance {
	splitter := listen.New(l)
	config := &tls.Config{
		GetCertificate: h.authority.Certificate,
		NextProtos:     []string{"h2", "http/1.1"},
	}
	in := &instance{
		splitter: splitter,
		group:    serving.NewGroup(h, withConnState),
		interceptor: &interceptor{
			splitter:  splitter,
			relays:    listen.NewQueue(splitter.Context(), l.Addr()),
			tls:       config,
			authority: h.authority,
			catalogue: h.catalogue,
			counts:    &h.faultCounts,
			recorder:  h.recorder,
			branches:  make(map[string]*listen.Splitter),
			places:    make(map[string]place),
		},
	}
	splitter.Intercept = in.interceptor.intercept
	splitter.Domain = faults.Domain
	splitter.Start()

	in.group.Serve(splitter.Plain, nil)
	in.group.Serve(listen.TLSQueue{Queue: splitter.Secure, Config: config}, nil)
	frames := new(http.Protocols)
	frames.SetUnencryptedHTTP2(true)
	in.group.Serve(in.interceptor.relays, frames)
	return in
}

// close ends everything at once and waits for every goroutine.
func (in *instance) close() error {
	in.group.Cancel(errClosed)
	in.splitter.Close()
	in.interceptor.close()
	return in.group.Close()
}

// shutdown stops accepting and waits for the requests being answered, or for ctx,
// whose error it then returns. The caller still has to close the instance.
func (in *instance) shutdown(ctx context.Context) error {
	in.splitter.Close()
	in.interceptor.close()
	return in.group.Shutdown(ctx)
}
