package engine_test

import (
	"encoding/pem"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"

	. "grab/downloader"
)

// TestHTTP2Faults breaks single streams of a connection that other images share.
func TestHTTP2Faults(t *testing.T) {
	eachMode(t, func(t *testing.T, opts Options) {
		opts.HTTP2 = true
		var once atomic.Bool
		half := func(w http.ResponseWriter) {
			w.Header().Set("Content-Length", fmt.Sprint(len(large())))
			w.Write(large()[:len(large())/2])
			w.(http.Flusher).Flush()
		}
		server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			switch r.URL.Path {
			case "/reset":
				half(w)
				panic(http.ErrAbortHandler)
			case "/reset-once":
				if !once.Swap(true) {
					half(w)
					panic(http.ErrAbortHandler)
				}
			case "/refuse":
				panic(http.ErrAbortHandler)
			}
			w.Write(large())
		}))
		server.EnableHTTP2 = true
		server.StartTLS()
		defer server.Close()
		opts.RootCAs = pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw})
		var urls []string
		for _, path := range []string{"/a", "/reset", "/b", "/reset-once", "/c", "/refuse", "/d"} {
			urls = append(urls, server.URL+path)
		}
		o := fetch(t, opts, urls...)
		for i, want := range []struct {
			class    Class
			attempts int
		}{{"", 1}, {ClassReset, 3}, {"", 1}, {"", 2}, {"", 1}, {ClassReset, 3}, {"", 1}} {
			status := StatusOK
			if want.class != "" {
				status = StatusFailed
			}
			expect(t, o.results[i], status, want.class, want.attempts)
		}
	})
}

// TestHTTP2Only has a server that speaks nothing but HTTP/2. It is asked over that, unless
// the user forbids it.
func TestHTTP2Only(t *testing.T) {
	eachMode(t, func(t *testing.T, opts Options) {
		server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { w.Write(large()) }))
		server.EnableHTTP2 = true
		server.Config.Protocols = new(http.Protocols)
		server.Config.Protocols.SetHTTP2(true)
		server.Config.ErrorLog = log.New(io.Discard, "", 0)
		server.StartTLS()
		defer server.Close()
		opts.RootCAs = pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw})
		for _, r := range fetch(t, opts, server.URL+"/a", server.URL+"/b", server.URL+"/c").results {
			expect(t, r, StatusOK, "", 1)
		}
		opts.HTTP1, opts.Dir = true, t.TempDir()
		expect(t, fetch(t, opts, server.URL+"/a").results[0], StatusFailed, ClassEmptyReply, opts.Retries+1)
	})
}
