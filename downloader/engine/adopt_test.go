package engine_test

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"testing"

	. "grab/downloader"
)

// TestUpdateOfAdopted adopts images, one of them an old version, with -update and -adopt
// together. The run that adopts them asks for nothing. The next run cannot know their version:
// it fetches them, and replaces each once the new one is whole.
func TestUpdateOfAdopted(t *testing.T) {
	eachMode(t, func(t *testing.T, opts Options) {
		v := startVersions(t)
		urls := []string{v.URL + "/etag1", v.URL + "/date1", v.URL + "/etag2", v.URL + "/new"}
		if err := os.MkdirAll(opts.Dir, 0o777); err != nil {
			t.Fatal(err)
		}
		for i, path := range []string{"/etag1", "/date1", "/etag2"} {
			if err := os.WriteFile(filepath.Join(opts.Dir, fmt.Sprintf("image_%d.gif", i)), []byte(v.picture(path, 0)), 0o666); err != nil {
				t.Fatal(err)
			}
		}
		v.version["/date1"], v.version["/etag2"] = 1, -1
		opts.Update, opts.Adopt, opts.Verify = true, true, VerifyType
		results := fetchHere(t, opts, urls...)
		for _, r := range results[:3] {
			v.check(t, opts, r, StatusSkipped, 0)
		}
		v.check(t, opts, results[3], StatusOK, 0)
		if len(v.asked) != 1 || results[0].Attempts != 0 {
			t.Errorf("the run that adopts asked for %v", v.asked)
		}

		results = fetchHere(t, opts, urls...)
		v.check(t, opts, results[0], StatusOK, 0)
		v.check(t, opts, results[1], StatusOK, 1)
		expect(t, results[2], StatusFailed, ClassHTTP4xx, 1)
		kept := results[2]
		kept.Status, kept.File = StatusSkipped, "image_2.gif"
		v.check(t, opts, kept, StatusSkipped, 0) // a failure leaves the old one

		results = fetchHere(t, opts, urls[:2]...) // now they have validators
		for i, r := range results {
			v.check(t, opts, r, StatusSkipped, i)
			if r.HTTPStatus != http.StatusNotModified {
				t.Errorf("%s: status %d", r.URL, r.HTTPStatus)
			}
		}
	})
}

// TestUpdateOfAdoptedFromOtherPlaces adopts images, and updates them when the list has
// another order.
func TestUpdateOfAdoptedFromOtherPlaces(t *testing.T) {
	eachMode(t, func(t *testing.T, opts Options) {
		v := startVersions(t)
		urls := []string{v.URL + "/etag1", v.URL + "/etag2"}
		if err := os.MkdirAll(opts.Dir, 0o777); err != nil {
			t.Fatal(err)
		}
		for i, path := range []string{"/etag1", "/etag2"} {
			if err := os.WriteFile(filepath.Join(opts.Dir, fmt.Sprintf("image_%d.gif", i)), []byte(v.picture(path, 0)), 0o666); err != nil {
				t.Fatal(err)
			}
		}
		fetchHere(t, opts, urls...)
		v.version["/etag2"], v.version["/etag1"] = 1, -1
		opts.Update = true
		results := fetchHere(t, opts, urls[1], urls[0])
		v.check(t, opts, results[0], StatusOK, 1)
		if results[0].File != "image_0.gif" {
			t.Errorf("the new version is %s", results[0].File)
		}
		expect(t, results[1], StatusFailed, ClassHTTP4xx, 1)
		opts.Update = false
		results = fetchHere(t, opts, urls[1], urls[0])
		v.check(t, opts, results[0], StatusSkipped, 1)
		v.check(t, opts, results[1], StatusSkipped, 0)
	})
}
