package engine_test

import (
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	. "grab/downloader"
	. "grab/downloader/engine"
	"grab/downloader/list"
)

// startRemoving starts a server that has removed some of its images. /moved* leads to a
// placeholder, and /same* is one, whose SHA-256 it returns.
func startRemoving(t *testing.T) (server *httptest.Server, placeholder string) {
	const gone = "GIF89a\x08\x00\x06\x00 this image was removed"
	server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch path := r.URL.Path; {
		case strings.HasPrefix(path, "/moved"):
			http.Redirect(w, r, "/img/Removed.gif?for="+path, http.StatusFound)
		case strings.HasPrefix(path, "/none"):
			http.Redirect(w, r, "/img/Removed.gif?404", http.StatusFound)
		case strings.HasPrefix(path, "/same"):
			_, _ = w.Write([]byte(gone))
		case r.URL.RawQuery == "404":
			w.WriteHeader(http.StatusNotFound)
		default:
			w.Header().Set("ETag", `"1"`)
			_, _ = w.Write([]byte("GIF89a\x08\x00\x06\x00 " + r.URL.String()))
		}
	}))
	t.Cleanup(server.Close)
	sum := sha256.Sum256([]byte(gone))
	return server, hex.EncodeToString(sum[:])
}

// TestReject has placeholders of both kinds. They fail at once, and leave no file.
func TestReject(t *testing.T) {
	eachMode(t, func(t *testing.T, opts Options) {
		server, placeholder := startRemoving(t)
		urls := []string{server.URL + "/moved/1", server.URL + "/same/1", server.URL + "/a", server.URL + "/none", "data:image/gif;base64,R0lGODlhCAAGAA=="}
		data := sha256.Sum256([]byte("GIF89a\x08\x00\x06\x00"))
		opts.Reject = Rejects{SHA256: []string{placeholder, hex.EncodeToString(data[:])}, URLs: []string{"*/removed.gif?*"}}
		o := fetch(t, opts, urls...)
		for i, want := range []Class{ClassRejected, ClassRejected, "", ClassHTTP4xx, ClassRejected} {
			if r := o.results[i]; r.Class != want || r.Attempts != 1 || (r.File == "") != (want != "") {
				t.Errorf("%s: class %q, want %q; %d attempts, file %q: %s", r.URL, r.Class, want, r.Attempts, r.File, r.Error)
			}
		}
		if e := o.results[0].Error; e != "its final URL matches */removed.gif?*" {
			t.Error(e)
		}
		if e := o.results[1].Error; e != "its SHA-256 is "+placeholder {
			t.Error(e)
		}

		opts.GoneFor = 1 << 50 // they are known, as long as they are not wanted
		for i, r := range fetch(t, opts, urls...).results {
			if i != 2 && (r.Attempts != 0 || r.Since.IsZero()) {
				t.Errorf("%s: %d attempts: %s", r.URL, r.Attempts, r.Error)
			}
		}
		opts.Reject = Rejects{}
		for i, r := range fetch(t, opts, urls...).results {
			if (r.Status == StatusFailed) != (i == 3) {
				t.Errorf("%s: %s", r.URL, r.Error)
			}
		}
	})
}

// TestRejectKeepsFinished rejects what an earlier run has finished. That stays, whether it is
// asked for again or not.
func TestRejectKeepsFinished(t *testing.T) {
	eachMode(t, func(t *testing.T, opts Options) {
		server, placeholder := startRemoving(t)
		urls := []string{server.URL + "/moved/1", server.URL + "/same/1"}
		before := fetch(t, opts, urls...).results
		opts.Reject = Rejects{SHA256: []string{placeholder}, URLs: []string{"*removed.gif*"}}
		intact := func() {
			t.Helper()
			for _, r := range before {
				content, err := os.ReadFile(filepath.Join(opts.Dir, r.File))
				if sum := sha256.Sum256(content); err != nil || hex.EncodeToString(sum[:]) != r.SHA256 {
					t.Errorf("%s: %q, %v", r.File, content, err)
				}
			}
		}
		for _, r := range fetch(t, opts, urls...).results {
			expect(t, r, StatusSkipped, "", 0)
		}
		intact()
		opts.Update = true
		results := fetch(t, opts, urls...).results
		expect(t, results[1], StatusFailed, ClassRejected, 1) // it has no validator
		intact()
		opts.Update, opts.Force = false, true
		for _, r := range fetch(t, opts, urls...).results {
			expect(t, r, StatusFailed, ClassRejected, 1)
		}
		intact()
		opts.Force = false
		for _, r := range fetch(t, opts, urls...).results {
			expect(t, r, StatusSkipped, "", 0)
		}
	})
}

// TestRejectAsksMirrors has a row whose first URL brings a placeholder.
func TestRejectAsksMirrors(t *testing.T) {
	eachMode(t, func(t *testing.T, opts Options) {
		server, placeholder := startRemoving(t)
		opts.Reject = Rejects{SHA256: []string{placeholder}}
		text := "url,url_2\n" + server.URL + "/same/1," + server.URL + "/a\n"
		o := runIn(t.Context(), t, opts, Deps{}, list.Read(list.List{Name: "a.csv", Body: strings.NewReader(text)}))
		if r := o.results[0]; r.Status != StatusOK || !strings.HasSuffix(r.FinalURL, "/a") {
			t.Errorf("%+v", r)
		}
	})
}
