package client

import (
	"context"
	"net/http/httptrace"

	"grab/downloader/live"
)

// trackerKey is the context key of a request's tracker.
type trackerKey struct{}

// follow returns the context of requests that t follows.
func Follow(ctx context.Context, t *live.Tracker) context.Context {
	return context.WithValue(ctx, trackerKey{}, t)
}

// trackerOf returns the tracker that follows a request, or one that nobody asks.
func trackerOf(ctx context.Context) *live.Tracker {
	t, known := ctx.Value(trackerKey{}).(*live.Tracker)
	if !known {
		t = &live.Tracker{}
	}
	return t
}

// traced has net/http tell the tracker of ctx what it does.
func traced(ctx context.Context) context.Context {
	return httptrace.WithClientTrace(ctx, hooks(trackerOf(ctx)))
}

func hooks(t *live.Tracker) *httptrace.ClientTrace {
	return &httptrace.ClientTrace{
		GetConn:           func(string) { t.Unconnected() },
		DNSStart:          func(httptrace.DNSStartInfo) { t.Dial(live.PhaseDNS) },
		ConnectStart:      func(string, string) { t.Dial(live.PhaseConnect) },
		TLSHandshakeStart: func() { t.Dial(live.PhaseTLS) },
		GotConn:           func(c httptrace.GotConnInfo) { t.Connected(c.Conn.RemoteAddr(), c.Reused) },
	}
}
