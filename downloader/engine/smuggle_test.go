package engine_test

import (
	"bufio"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync"
	"testing"

	. "grab/downloader"
)

// TestBytesAfterTheBody has a server that sends more than it announced, on connections
// that stay open. The rest must cost the next image nothing.
func TestBytesAfterTheBody(t *testing.T) {
	log.SetOutput(io.Discard) // net/http tells of them
	defer log.SetOutput(os.Stderr)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	kept := strings.Replace(wholeReply, "Connection: close\r\n", "", 1)
	var serving sync.WaitGroup
	defer serving.Wait()
	defer l.Close()
	serving.Go(func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			serving.Go(func() {
				defer c.Close()
				in := bufio.NewReader(c)
				for {
					if _, err := http.ReadRequest(in); err != nil {
						return
					}
					io.WriteString(c, kept+"and a comment after the picture")
				}
			})
		}
	})
	opts := options(t, modeCase{Sequential, 1})
	var urls []string
	for i := range 200 {
		urls = append(urls, fmt.Sprintf("http://%s/%d", l.Addr(), i))
	}
	o := fetch(t, opts, urls...)
	if o.summary.OK != len(urls) {
		t.Errorf("%+v", o.summary)
	}
	for i, r := range o.results {
		if r.Status == StatusOK && string(o.file(t, i)) != string(picture) {
			t.Errorf("%s: not the bytes that the server announced", r.URL)
		}
	}
}

// TestProtocolFaultOnAKeptConnection has a fault in the response itself, and not in
// what an earlier response left. Another attempt is of no use.
func TestProtocolFaultOnAKeptConnection(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/choices":
			w.WriteHeader(http.StatusMultipleChoices)
		case "/nonsense":
			w.Header().Set("Location", "http://[::1")
			w.WriteHeader(http.StatusFound)
		}
		w.Write(picture)
	}))
	defer server.Close()
	o := fetch(t, options(t, modeCase{Sequential, 1}), server.URL+"/", server.URL+"/choices", server.URL+"/", server.URL+"/nonsense")
	expect(t, o.results[1], StatusFailed, ClassProtocol, 1)
	expect(t, o.results[3], StatusFailed, ClassProtocol, 1)
}
