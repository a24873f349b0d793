package testserver

import (
	"bytes"
	"encoding/json"
	"image"
	"net/http"
	"strings"
	"testing"
)

func TestStatuses(t *testing.T) {
	s := start(t, Options{})
	c := noFollow(newClient(t, s))
	for _, test := range []struct {
		method, path string
		status       int
	}{
		{"GET", "/", 200},
		{"GET", "/200/300", 302},
		{"GET", "/200/300.png", 302},
		{"GET", "/200", 302},
		{"GET", "/200.gif", 302},
		{"GET", "/0.jpg", 302},
		{"GET", "/0", 302},
		{"GET", "/0.bmp", 404},
		{"GET", "/200/300.webp", 404},
		{"GET", "/200/300.bmp", 404},
		{"GET", "/0/300", 400},
		{"GET", "/200/5001", 400},
		{"GET", "/200/99999999999999999999", 400},
		{"GET", "/200/-3", 404},
		{"GET", "/200/300?blur=11", 400},
		{"GET", "/200/300?blur=x", 400},
		{"GET", "/200/300?blur=%zz", 400},
		{"GET", "/id/7/200/300", 302},
		{"GET", "/id/x/200/300", 404},
		{"GET", "/id/7/200/300.jpg?hmac=00", 400},
		{"GET", "/seed/cat/200/300", 302},
		{"GET", "/seed//200/300", 404},
		{"GET", "/v2/list", 200},
		{"GET", "/v2/list?limit=101", 400},
		{"GET", "/v2/list?page=0", 400},
		{"GET", "/image/7.jpg", 200},
		{"HEAD", "/image/7.jpg", 200},
		{"GET", "/image/7", 404},
		{"GET", "/image/x.jpg", 404},
		{"GET", "/image/7.webp", 404},
		{"GET", "/image/7.jpg?w=0", 400},
		{"GET", "/image/7.jpg?w=65536", 400},
		{"GET", "/image/7.jpg?w=5001&h=5000", 400},
		{"GET", "/image/7.jpg?bytes=-1", 400},
		{"GET", "/image/7.jpg?bytes=2000000000", 400},
		{"GET", "/status/204", 204},
		{"GET", "/status/304", 304},
		{"GET", "/status/418", 418},
		{"GET", "/status/599", 599},
		{"GET", "/status/101", 400},
		{"GET", "/status/600", 400},
		{"GET", "/redirect/3", 302},
		{"GET", "/redirect/0", 200},
		{"GET", "/redirect/1001", 400},
		{"GET", "/ledger", 200},
		{"GET", "/ca.pem", 200},
		{"GET", "/reset", 405},
		{"POST", "/reset", 200},
		{"POST", "/ledger", 405},
		{"POST", "/image/7.jpg", 405},
		{"DELETE", "/200/300", 405},
		{"GET", "/nothing", 404},
		{"GET", "/a/b/c/d/e", 404},
	} {
		host := "grab.test"
		if test.path == "/ledger" || test.path == "/reset" {
			host = "localhost" // see TestAdminRefuses
		}
		r := do(t, c, test.method, "http://"+host+test.path)
		if r.StatusCode != test.status {
			t.Errorf("%s %s: status %d, want %d", test.method, test.path, r.StatusCode, test.status)
		}
		if r.StatusCode == http.StatusMethodNotAllowed && r.Header.Get("Allow") == "" {
			t.Errorf("%s %s: no Allow", test.method, test.path)
		}
		if test.method == "HEAD" && r.ContentLength <= 0 {
			t.Errorf("%s %s: no length", test.method, test.path)
		}
	}
}

func TestPicsumChain(t *testing.T) {
	for _, scheme := range []string{"http", "https"} {
		t.Run(scheme, func(t *testing.T) {
			s := start(t, Options{Seed: 4})
			r := get(t, newClient(t, s), scheme+"://picsum.photos/200/300?blur&grayscale")
			checkImage(t, r.data, "jpeg", 200, 300)

			final := r.Request.URL
			if final.Host != "fastly.picsum.photos" || final.Scheme != scheme {
				t.Errorf("ended at %v", final)
			}
			if !strings.HasPrefix(final.RawQuery, "grayscale&blur=5&hmac=") {
				t.Errorf("query %q", final.RawQuery)
			}
			proto := map[string]string{"http": "HTTP/1.1", "https": "HTTP/2.0"}[scheme]
			l := s.Ledger()
			if len(l.Requests) != 2 || l.Requests[0].Status != 302 || l.Requests[1].Status != 200 {
				t.Fatalf("ledger %+v", l.Requests)
			}
			if l.Requests[0].Host != "picsum.photos" || l.Requests[1].Host != "fastly.picsum.photos" {
				t.Errorf("hosts %q, %q", l.Requests[0].Host, l.Requests[1].Host)
			}
			for _, q := range l.Requests {
				if q.Proto != proto {
					t.Errorf("%s over %s", q.URI, q.Proto)
				}
			}
		})
	}
}

func TestRedirectStaysOnOtherHosts(t *testing.T) {
	s := start(t, Options{})
	r := get(t, noFollow(newClient(t, s)), "http://example.org/seed/cat/20/30.png?blur=2")
	location := r.Header.Get("Location")
	if !strings.HasPrefix(location, "/id/") || !strings.Contains(location, "/20/30.png?blur=2&hmac=") {
		t.Errorf("Location %q", location)
	}
	again := get(t, noFollow(newClient(t, s)), "http://example.org/seed/cat/20/30.png?blur=2")
	if again.Header.Get("Location") != location {
		t.Error("the same seed chose another picture")
	}
}

func TestHMACCoversOptions(t *testing.T) {
	s := start(t, Options{})
	c := noFollow(newClient(t, s))
	signed := get(t, c, s.URL("/id/3/20/30")).Header.Get("Location")
	if r := get(t, c, s.URL(signed)); r.StatusCode != 200 {
		t.Errorf("signed: status %d", r.StatusCode)
	}
	for _, forged := range []string{
		strings.Replace(signed, "?", "?grayscale&", 1),
		strings.Replace(signed, "/20/", "/21/", 1),
		strings.Replace(signed, ".jpg", ".png", 1),
	} {
		if r := get(t, c, s.URL(forged)); r.StatusCode != 400 {
			t.Errorf("%s: status %d", forged, r.StatusCode)
		}
	}
	other := start(t, Options{Seed: 1})
	if r := get(t, noFollow(newClient(t, other)), other.URL(signed)); r.StatusCode != 400 {
		t.Errorf("another seed's hmac: status %d", r.StatusCode)
	}
}

func TestRedirects(t *testing.T) {
	s := start(t, Options{})
	r := get(t, newClient(t, s), s.URL("/redirect/3"))
	checkImage(t, r.data, "jpeg", 200, 300)
	if l := s.Ledger(); l.Total != 4 || l.PeakInFlight != 1 || l.Count("/redirect/2") != 1 {
		t.Errorf("ledger %+v", l)
	}
}

func TestList(t *testing.T) {
	s := start(t, Options{})
	c := newClient(t, s)
	var items []struct {
		ID            string
		Width, Height int
		DownloadURL   string `json:"download_url"`
	}
	r := get(t, c, "https://picsum.photos/v2/list?page=2&limit=100")
	if err := json.Unmarshal(r.data, &items); err != nil {
		t.Fatal(err)
	}
	if len(items) != 100 || items[0].ID != "100" {
		t.Fatalf("%d items from %+v", len(items), items[0])
	}
	link := r.Header.Get("Link")
	for _, want := range []string{
		`<https://picsum.photos/v2/list?page=1&limit=100>; rel="prev"`,
		`<https://picsum.photos/v2/list?page=3&limit=100>; rel="next"`,
	} {
		if !strings.Contains(link, want) {
			t.Errorf("Link %q lacks %q", link, want)
		}
	}
	checkImage(t, get(t, c, items[0].DownloadURL).data, "jpeg", items[0].Width, items[0].Height)

	r = get(t, c, "http://grab.test/v2/list?page=1000000000&limit=100")
	if got := string(r.data); got != "[]" {
		t.Errorf("beyond the end: %q", got)
	}
	if link := get(t, c, "http://grab.test/v2/list?page=10&limit=100").Header.Get("Link"); strings.Contains(link, "next") {
		t.Errorf("last page: %q", link)
	}
}

func checkImage(t testing.TB, data []byte, format string, w, h int) {
	t.Helper()
	m, got, err := image.Decode(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	if got != format || m.Bounds().Dx() != w || m.Bounds().Dy() != h {
		t.Errorf("%s of %v, want %s of %dx%d", got, m.Bounds(), format, w, h)
	}
}
