package testserver

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"grab/testserver/ledger"
)

func TestOptions(t *testing.T) {
	for _, o := range []Options{{Latency: -1}, {Jitter: -1}, {Bandwidth: -1}} {
		if _, err := New(o); err == nil {
			t.Errorf("%+v is valid", o)
		}
	}
}

func TestStartAndClose(t *testing.T) {
	s, err := New(Options{})
	if err != nil {
		t.Fatal(err)
	}
	if s.Addr() != "" {
		t.Errorf("Addr before Start: %q", s.Addr())
	}
	if err := s.Start("no address"); err == nil {
		t.Error("no error for a bad address")
	}
	if err := s.Start(""); err != nil {
		t.Fatal(err)
	}
	if err := s.Start(""); err == nil {
		t.Error("started twice")
	}
	var wg sync.WaitGroup
	for range 3 {
		wg.Go(func() {
			if err := s.Close(); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if err := s.Close(); err != nil {
		t.Error(err)
	}
	if err := s.Shutdown(t.Context()); err != nil {
		t.Error(err)
	}
	if err := s.Start(""); err == nil {
		t.Error("started after Close")
	}
}

func TestCloseBeforeStart(t *testing.T) {
	s, err := New(Options{})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
}

func TestCloseEndsResponses(t *testing.T) {
	s := start(t, Options{Bandwidth: 1})
	c := newClient(t, s)
	for _, url := range []string{s.URL("/image/1.jpg"), s.TLSURL("/image/1.jpg")} {
		defer open(t, c, url).Body.Close()
	}
	idle, err := net.Dial("tcp", s.Addr()) // never sends a byte
	if err != nil {
		t.Fatal(err)
	}
	defer idle.Close()
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	l := s.Ledger()
	if l.Total != 2 || l.InFlight != 0 {
		t.Fatalf("ledger %+v", l)
	}
	for _, q := range l.Requests {
		if q.End != ledger.EndClosed || q.Status != 200 {
			t.Errorf("%s: %s, status %d", q.Proto, q.End, q.Status)
		}
	}
}

func TestShutdownLetsResponsesFinish(t *testing.T) {
	s := start(t, Options{Bandwidth: 50_000})
	c := newClient(t, s)
	plain := open(t, c, s.URL("/image/1.jpg"))
	defer plain.Body.Close()
	secure := open(t, c, s.TLSURL("/image/1.jpg"))
	defer secure.Body.Close()

	stopped := make(chan error, 1)
	go func() { stopped <- s.Shutdown(soon(t)) }()
	for { // until the server accepts no more
		extra, err := net.Dial("tcp", s.Addr())
		if err != nil {
			break
		}
		extra.Close()
	}
	want, _ := Image("/image/1.jpg", 0)
	for _, body := range []io.Reader{plain.Body, secure.Body} {
		got, err := io.ReadAll(body)
		if err != nil || !bytes.Equal(got, want) {
			t.Errorf("%d bytes, %v", len(got), err)
		}
	}
	if err := <-stopped; err != nil {
		t.Error(err)
	}
	for _, q := range s.Ledger().Requests {
		if q.End != ledger.EndComplete {
			t.Errorf("%s: %s", q.Proto, q.End)
		}
	}
}

func TestShutdownGivesUp(t *testing.T) {
	s := start(t, Options{Bandwidth: 1})
	defer open(t, newClient(t, s), s.URL("/image/1.jpg")).Body.Close()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := s.Shutdown(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("Shutdown: %v", err)
	}
	if q := s.Ledger().Requests; len(q) != 1 || q[0].End != ledger.EndClosed {
		t.Errorf("ledger %+v", q)
	}
}

func TestClientGoneBeforeTheFirstByte(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, p := startPipes(t, Options{Latency: time.Hour})
		defer s.Close()
		c, _ := p.dial(t.Context(), "", "")
		if _, err := io.WriteString(c, "GET /image/1.jpg HTTP/1.1\r\nHost: x\r\n\r\n"); err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		if l := s.Ledger(); l.InFlight != 1 || l.Total != 0 {
			t.Fatalf("while waiting: %+v", l)
		}
		c.Close()
		synctest.Wait()
		l := s.Ledger()
		if l.InFlight != 0 || l.Total != 1 {
			t.Fatalf("at the end: %+v", l)
		}
		if q := l.Requests[0]; q.End != ledger.EndClientGone || q.Status != 0 || q.Sent != 0 || q.Planned == 0 {
			t.Errorf("ledger %+v", q)
		}
	})
}
