package engine_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync"
	"testing"

	. "grab/downloader"
)

// echo is a server of pictures. Each ends with the host and the path of its request,
// which the server records.
type echo struct {
	mu    sync.Mutex
	asked []string
}

func (e *echo) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	where := r.Host + r.RequestURI
	e.mu.Lock()
	e.asked = append(e.asked, where)
	e.mu.Unlock()
	w.Write(picture)
	io.WriteString(w, where)
}

// startEcho returns opts for which echo serves every host.
func startEcho(t *testing.T, opts Options) (*echo, Options) {
	e := &echo{}
	server := httptest.NewServer(e)
	t.Cleanup(server.Close)
	opts.DialTo = server.Listener.Addr().String()
	return e, opts
}

// numbered checks that each image is in the file of its number, whatever its URL.
func (o outcome) numbered(t *testing.T, wheres []string) {
	t.Helper()
	for i, r := range o.results {
		if name := fmt.Sprintf("image_%d.jpg", i); r.Status != StatusOK || r.File != name {
			t.Errorf("%s: %s in %q, want %s", r.URL, r.Status, r.File, name)
		} else if got := string(o.file(t, i)[len(picture):]); got != wheres[i] {
			t.Errorf("%s has what was sent for %s, want %s", name, got, wheres[i])
		}
	}
}

// TestPathsNameNoFiles plays A141, A146 and A148: paths that lead out of folders, that
// differ by case or by how a letter is encoded, that have no last part, or that are a
// folder of another. They reach the server unchanged, and name no file.
func TestPathsNameNoFiles(t *testing.T) {
	paths := []string{
		"/%2e%2e%2f%2e%2e%2fetc/passwd", "/..%2f..%2fx.jpg", "/../../x.jpg", "/%252e%252e%252fx.jpg", "/..%5c..%5cx.jpg", "/C:%5cx.jpg",
		"/a;b=c/x.jpg;v=1", "/x.jpg?../../y.jpg", "/x.jpg%3f../y", "/%00.jpg", "//x.jpg", "/-rf", "/.grab/0.part", "/manifest.jsonl", "/image_0.jpg",
		"/A.jpg", "/a.jpg", "/caf%C3%A9.jpg", "/cafe%CC%81.jpg",
		"/", "/?only=query", "/?", "/a", "/a/b", "/a/", "/a/b/c.jpg",
	}
	eachMode(t, func(t *testing.T, opts Options) {
		server, opts := startEcho(t, opts)
		var urls, wheres []string
		for _, path := range paths {
			urls, wheres = append(urls, "http://a.test"+path), append(wheres, "a.test"+path)
		}
		urls, wheres = append(urls, "http://a.test", "http://a.test?q"), append(wheres, "a.test/", "a.test/?q")
		fetch(t, opts, urls...).numbered(t, wheres)
		if !slices.Equal(sorted(server.asked), sorted(slices.Clone(wheres))) {
			t.Errorf("the server was asked for %q, want %q", server.asked, wheres)
		}
	})
}
