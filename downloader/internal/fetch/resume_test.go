package fetch

import (
	"crypto/sha256"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"grab/downloader"
	"grab/downloader/internal/client"
	"grab/downloader/internal/stage"
	"grab/downloader/internal/work"
)

// responseOf returns a response without a body. fields are names and values of its header.
func responseOf(status int, length int64, fields ...string) *http.Response {
	resp := &http.Response{StatusCode: status, ContentLength: length, Header: http.Header{}}
	for i := 0; i < len(fields); i += 2 {
		resp.Header.Add(fields[i], fields[i+1])
	}
	return resp
}

// TestMismatch has answers to a request for the rest of an image whose first 5 bytes are
// there. Only the rest of the same version is taken.
func TestMismatch(t *testing.T) {
	const date, other = "Tue, 01 Jan 2019 00:00:00 GMT", "Wed, 02 Jan 2019 00:00:00 GMT"
	for _, c := range []struct {
		validator string
		total     int64
		length    int64
		fields    []string
		want      string // a part of the reason
	}{
		{`"v"`, 10, 5, []string{"Content-Range", "bytes 5-9/10"}, ""},
		{`"v"`, -1, 5, []string{"Content-Range", "bytes 5-9/10"}, ""},
		{`"v"`, 10, -1, []string{"Content-Range", "bytes 5-9/10"}, ""},
		{`"v"`, 10, 5, []string{"Content-Range", "bytes 5-9/10", "Etag", `"v"`, "Last-Modified", other}, ""},
		{date, 10, 5, []string{"Content-Range", "bytes 5-9/10", "Etag", `"w"`, "Last-Modified", date}, ""},
		{`"v"`, 10, 5, nil, "without a range"},
		{`"v"`, 10, 5, []string{"Content-Range", "bytes 5-9/*"}, "without a range"},
		{`"v"`, 10, 6, []string{"Content-Range", "bytes 4-9/10"}, "bytes 4-9/10"},
		{`"v"`, 10, 4, []string{"Content-Range", "bytes 5-8/10"}, "bytes 5-8/10"},
		{`"v"`, 10, 6, []string{"Content-Range", "bytes 5-10/11"}, "bytes 5-10/11"},
		{`"v"`, 0, 5, []string{"Content-Range", "bytes 5-9/10"}, "bytes 5-9/10"},
		{`"v"`, 10, 4, []string{"Content-Range", "bytes 5-9/10"}, "whose length"},
		{`"v"`, 10, 0, []string{"Content-Range", "bytes 5-9/10"}, "whose length"},
		{`"v"`, 10, 5, []string{"Content-Range", "bytes 5-9/10", "Content-Encoding", "gzip"}, "another coding"},
		{`"v"`, 10, 5, []string{"Content-Range", "bytes 5-9/10", "Etag", `"w"`}, "another version"},
		{date, 10, 5, []string{"Content-Range", "bytes 5-9/10", "Last-Modified", other}, "another version"},
	} {
		p := &stage.Part{Size: 5, Validator: c.validator, Total: c.total}
		got := mismatch(p, responseOf(206, c.length, c.fields...))
		if !strings.Contains(got, c.want) || (got == "") != (c.want == "") {
			t.Errorf("%s of %d, length %d, %q: %q, want %q", c.validator, c.total, c.length, c.fields, got, c.want)
		}
	}
}

// TestComplete has responses to a request for the rest of an image of which nothing is
// missing.
func TestComplete(t *testing.T) {
	for _, c := range []struct {
		status int
		total  int64
		ranges []string
		want   bool
	}{
		{416, 5, []string{"bytes */5"}, true},
		{416, -1, []string{"bytes */5"}, true},
		{416, 0, []string{"bytes */5"}, false},
		{416, 6, []string{"bytes */5"}, false},
		{416, 5, []string{"bytes */6"}, false},
		{416, 5, []string{"bytes */5", "bytes */5"}, false},
		{416, 5, nil, false},
		{404, 5, []string{"bytes */5"}, false},
	} {
		resp := &http.Response{StatusCode: c.status, Header: http.Header{"Content-Range": c.ranges}}
		if got := complete(&stage.Part{Size: 5, Total: c.total}, resp); got != c.want {
			t.Errorf("%d of %d, %q: %v", c.status, c.total, c.ranges, got)
		}
	}
}

func TestStrongValidator(t *testing.T) {
	const date, later, muchLater = "Tue, 01 Jan 2019 00:00:00 GMT", "Tue, 01 Jan 2019 00:00:01 GMT", "Tue, 01 Jan 2019 00:00:02 GMT"
	long := `"` + strings.Repeat("x", maxShortHeader-2) + `"`
	for _, c := range []struct {
		fields []string
		want   string
	}{
		{nil, ""},
		{[]string{"Etag", `"v"`}, `"v"`},
		{[]string{"Etag", `""`}, `""`},
		{[]string{"Etag", `"`}, ""},
		{[]string{"Etag", `"v`}, ""},
		{[]string{"Etag", `v"`}, ""},
		{[]string{"Etag", `W/"v"`}, ""},
		{[]string{"Etag", long}, long},
		{[]string{"Etag", `"x` + long[1:]}, ""},
		{[]string{"Etag", `"v"`, "Etag", `"v"`}, ""},
		{[]string{"Etag", `W/"v"`, "Last-Modified", date, "Date", muchLater}, ""},
		{[]string{"Etag", `"v"`, "Accept-Ranges", "None"}, ""},
		{[]string{"Etag", `"v"`, "Accept-Ranges", "bytes"}, `"v"`},
		{[]string{"Etag", `"v"`, "Content-Encoding", "br"}, ""},
		{[]string{"Last-Modified", date, "Date", muchLater}, date},
		{[]string{"Last-Modified", date, "Date", later}, ""}, // RFC 9110 section 8.8.2.2
		{[]string{"Last-Modified", date, "Date", "today"}, ""},
		{[]string{"Last-Modified", "today", "Date", muchLater}, ""},
		{[]string{"Last-Modified", date}, ""},
	} {
		if got := strongValidator(responseOf(200, 5, c.fields...)); got != c.want {
			t.Errorf("%q: %q, want %q", c.fields, got, c.want)
		}
	}
}

// TestCutBody has a server that cuts the body of an image the first time. The next request
// asks for the rest if the server can be relied on, and takes the answer for what it is.
func TestCutBody(t *testing.T) {
	picture := pictureOf("/0")
	const had = 40_000
	rest := fmt.Sprintf("bytes %d-%d/%d", had, len(picture)-1, len(picture))
	type answer struct {
		status int
		fields []string
		body   string
	}
	tagged, plain := []string{"Etag", `"v"`}, []string(nil)
	for _, c := range []struct {
		name    string
		first   []string // the header of the first response
		answers []answer // to the later requests
		ranges  []string // of all requests
		ok      bool
		class   downloader.Class
	}{
		{"the rest", tagged, []answer{{206, []string{"Content-Range", rest}, picture[had:]}}, []string{"", "40000-"}, true, ""},
		{"the whole in place of the rest", tagged, []answer{{200, nil, picture}}, []string{"", "40000-"}, true, ""},
		{"no validator", plain, []answer{{200, nil, picture}}, []string{"", ""}, true, ""},
		{"another version", tagged, []answer{{206, []string{"Content-Range", rest, "Etag", `"w"`}, picture[had:]}, {200, nil, picture}},
			[]string{"", "40000-", ""}, true, ""},
		{"a rest that does not fit", tagged, []answer{{206, []string{"Content-Range", rest}, strings.Repeat("x", len(picture)-had)}, {200, nil, picture}},
			[]string{"", "40000-", ""}, true, ""},
		{"ranges are refused", tagged, []answer{{403, nil, "no"}, {200, nil, picture}}, []string{"", "40000-", ""}, true, ""},
		{"gone", tagged, []answer{{404, nil, "no"}, {404, nil, "no"}}, []string{"", "40000-", ""}, false, downloader.ClassHTTP4xx},
	} {
		t.Run(c.name, func(t *testing.T) {
			var ranges []string
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				spec := strings.TrimPrefix(r.Header.Get("Range"), "bytes=")
				if validator := r.Header.Get("If-Range"); (validator != "") != (spec != "") || spec != "" && validator != `"v"` {
					t.Errorf("range %q if %q", spec, validator)
				}
				ranges = append(ranges, spec)
				a := answer{200, c.first, picture[:had]}
				if len(ranges) > 1 {
					a = c.answers[min(len(ranges)-2, len(c.answers)-1)]
				}
				for i := 0; i < len(a.fields); i += 2 {
					w.Header().Set(a.fields[i], a.fields[i+1])
				}
				w.Header().Set("Connection", "close") // or failures on used connections would be asked for again
				if len(ranges) == 1 {
					w.Header().Set("Content-Length", fmt.Sprint(len(picture)))
				} else {
					w.Header().Set("Content-Length", fmt.Sprint(len(a.body)))
				}
				w.WriteHeader(a.status)
				_, _ = w.Write([]byte(a.body))
			}))
			defer server.Close()
			tr := newTraveller(t, client.Network{}, nil)
			done := tr.Do(t.Context(), work.Job{Item: downloader.Item{URL: server.URL + "/x", WantSHA256: sumOf(picture)}})
			r := done.Result
			if (r.Status == downloader.StatusOK) != c.ok || r.Class != c.class || !slices.Equal(ranges, c.ranges) {
				t.Fatalf("%s %s: %s after requests for %q, want %q", r.Status, r.Class, r.Error, ranges, c.ranges)
			}
			if r.Attempts != len(c.ranges) || r.Timing.Total <= 0 || done.Trouble != nil && c.ok {
				t.Errorf("%d attempts, %v s, %+v", r.Attempts, r.Timing.Total, done.Trouble)
			}
			if c.ok && (r.Bytes != int64(len(picture)) || r.SHA256 != sumOf(picture)) {
				t.Errorf("%d bytes with the hash %s", r.Bytes, r.SHA256)
			}
			if len(c.answers) == 1 && c.answers[0].status == 206 && r.ETag != `"v"` { // of the beginning
				t.Errorf("the entity tag is %q", r.ETag)
			}
		})
	}
}

func sumOf(text string) string { return fmt.Sprintf("%x", sha256.Sum256([]byte(text))) }
