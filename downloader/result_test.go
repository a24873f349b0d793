package downloader_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"math"
	"reflect"
	"testing"
	"time"

	. "grab/downloader"
)

var full = Result{
	Item: Item{Index: 4, Line: 9, URL: "https://a.test/1?a=1&b=<2>"}, FinalURL: "https://b.test/é", Status: StatusFailed, Class: ClassHTTP4xx,
	Error: "404 \"Not\" Found", File: "image_4.jpg", Bytes: math.MaxInt64, SHA256: "00ff", ContentType: "image/jpeg", Width: 1, Height: 2,
	HTTPStatus: 404, Attempts: 3, ETag: `W/"x"`, LastModified: "yesterday", Started: time.Date(2026, 11, 22, 20, 18, 30, 123456789, time.UTC),
	Timing: Timing{Queue: 1.5, DNS: 2, Connect: 1e-6, TLS: 4, FirstByte: 5, Body: 6, Verify: 6.5, Commit: 7, Total: 1e6},
}

// TestResultJSON holds the format that scripts and manifests rely on: the names and
// the order of the fields.
func TestResultJSON(t *testing.T) {
	want := `{"index":4,"line":9,"url":"https://a.test/1?a=1&b=<2>","final_url":"https://b.test/é","status":"failed","class":"http-4xx","error":"404 \"Not\" Found",` +
		`"file":"image_4.jpg","bytes":9223372036854775807,"sha256":"00ff","content_type":"image/jpeg","width":1,"height":2,` +
		`"http_status":404,"attempts":3,"etag":"W/\"x\"","last_modified":"yesterday","started":"2026-11-22T20:18:30.123456789Z",` +
		`"timing":{"queue":1.5,"dns":2,"connect":0.000001,"tls":4,"first_byte":5,"body":6,"verify":6.5,"commit":7,"total":1000000}}` + "\n"
	if line := full.AppendJSON(nil, ""); string(line) != want {
		t.Errorf("%s; want\n%s", line, want)
	}
	line := full.AppendJSON([]byte("before\n"), "result")
	if string(line) != "before\n"+`{"type":"result",`+want[1:] {
		t.Errorf("%s", line)
	}
}

// FuzzResultJSON compares AppendJSON with encoding/json.
func FuzzResultJSON(f *testing.F) {
	f.Add("https://a.test/?a=1&b=<2>", "\x00\x7f\xff\u2028\\\"é\n", 0.25)
	f.Fuzz(func(t *testing.T, url, text string, seconds float64) {
		if abs := math.Abs(seconds); !(abs == 0 || abs >= 1e-6 && abs < 1e21) {
			t.Skip("too short or long for a run")
		}
		r := full
		r.URL, r.Error, r.ETag, r.Timing.Body, r.Decoded, r.SameAs = url, text, text, seconds, seconds > 0, text
		got := r.AppendJSON(nil, "result")
		var want bytes.Buffer
		enc := json.NewEncoder(&want)
		enc.SetEscapeHTML(false)
		if err := enc.Encode(struct {
			Type string `json:"type"`
			Result
		}{"result", r}); err != nil {
			t.Fatal(err)
		}
		if string(got) != want.String() {
			t.Errorf("%s; want\n%s", got, want.String())
		}
	})
}

// TestResultRoundTrip reads back what AppendJSON wrote.
func TestResultRoundTrip(t *testing.T) {
	for _, r := range []Result{full, {}, {Width: 3, Height: 2, Decoded: true, SameAs: "a/b \"c\".gif", Changed: true}} {
		line := r.AppendJSON(nil, "result")
		var back Result
		if err := json.Unmarshal(line, &back); err != nil || !reflect.DeepEqual(back, r) {
			t.Errorf("%+v, %v; want %+v", back, err, r)
		}
		if n := bytes.Count(line, []byte("\n")); n != 1 {
			t.Errorf("%d lines", n)
		}
	}
}

// TestResultFieldsAreAlwaysThere compares a full result with an empty one.
func TestResultFieldsAreAlwaysThere(t *testing.T) {
	names := func(r Result) map[string]bool {
		line := r.AppendJSON(nil, "")
		var fields map[string]any
		if err := json.Unmarshal(line, &fields); err != nil {
			t.Fatal(err)
		}
		set := map[string]bool{}
		for name := range fields {
			set[name] = true
		}
		return set
	}
	if a, b := names(full), names(Result{}); !reflect.DeepEqual(a, b) || len(a) != 19 {
		t.Errorf("%d fields: %v and %v", len(a), a, b)
	}
}

func TestResultErr(t *testing.T) {
	line := full.AppendJSON(nil, "")
	var back Result
	if err := json.Unmarshal(line, &back); err != nil {
		t.Fatal(err)
	}
	err := back.Err()
	if !errors.Is(err, ClassHTTP4xx) || errors.Is(err, ClassHTTP5xx) || err.Error() != full.Error {
		t.Errorf("%v", err)
	}
	if e, ok := errors.AsType[*Error](err); !ok || e.Class != ClassHTTP4xx {
		t.Errorf("%#v", err)
	}
	if err := (&Result{Status: StatusOK}).Err(); err != nil {
		t.Errorf("ok, but %v", err)
	}
}

// TestErrorIsOneCleanLine tests parts with line breaks and control characters.
func TestErrorIsOneCleanLine(t *testing.T) {
	e := &Error{Class: ClassProtocol, Op: "read", Reason: "a\nb\x1b[31m\xff\u202e", Err: errors.New("\r\x00")}
	if got, want := e.Error(), `read: a\nb\x1b[31m\xff\u202e: \r\x00`; got != want {
		t.Errorf("%s, want %s", got, want)
	}
	if got := (&Error{Class: ClassTLS}).Error(); got != "tls" {
		t.Errorf("%q", got)
	}
}

// TestFieldsInResults checks that the columns of the list come last, as the list has them,
// and survive JSON in every form.
func TestFieldsInResults(t *testing.T) {
	r := full
	r.Fields = `{"status":"<&>","since":"x","n":[1,2]}`
	line := r.AppendJSON(nil, "result")
	if !bytes.HasSuffix(line, []byte(`"total":1000000},"fields":{"status":"<&>","since":"x","n":[1,2]}}`+"\n")) {
		t.Errorf("%s", line)
	}
	var back Result
	if err := json.Unmarshal(line, &back); err != nil || !reflect.DeepEqual(back, r) {
		t.Errorf("%+v, %v; want %+v", back, err, r)
	}
	if again := back.AppendJSON(nil, "result"); !bytes.Equal(again, line) {
		t.Errorf("%s", again)
	}
	if err := json.Unmarshal([]byte(`{"fields":5}`), &back); err == nil {
		t.Error("a number is no object")
	}
}
