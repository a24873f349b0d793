package client

import (
	"context"
	"net/http/httptrace"

	"grab/downloader/live"
)

// trackerKey is the context key of a request's tracker.
type trackerKey struct{}

// WithTracker returns a context whose requests report their phases to t.
func WithTracker(ctx context.Context, t *live.Tracker) context.Context {
	return context.WithValue(ctx, trackerKey{}, t)
}

// trackerOf returns the tracker of a request, or an unused one if it has none.
func trackerOf(ctx context.Context) *live.Tracker {
	t, known := ctx.Value(trackerKey{}).(*live.Tracker)
	if !known {
		t = &live.Tracker{}
	}
	return t
}

// traced returns a context for which net/http reports to the tracker of ctx.
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
