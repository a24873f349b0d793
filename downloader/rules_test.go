package downloader

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"
)

// TestClasses lists what each class of failures means for the run. The letters are those of
// its fault, of how often to try again, E if it ends the run, N if it says nothing of the host.
func TestClasses(t *testing.T) {
	var got []string
	for _, c := range Classes() {
		e := &Error{Class: c}
		text := fmt.Sprintf("%s %s %d", c, c.Fault(), e.Retries(5))
		if c.EndsRun() {
			text += " E"
		}
		if c.SaysNothingOfHost() {
			text += " N"
		}
		if e.OfHost() {
			text += " H"
		}
		got = append(got, text)
	}
	want := []string{
		"url request 0 N", "policy request 0 N", "opt-out request 0 N", "dns host 5 H", "dns-nx image 0", "connect host 5 H", "tls host 5 H", "proxy host 5 H",
		"timeout-connect host 5 H", "timeout-header host 5 H", "stall host 5 H", "slow host 5 H", "deadline image 0", "reset host 5 H", "truncated host 5 H",
		"empty-reply host 5 H", "protocol image 0", "http-4xx image 0", "http-5xx host 0", "rate-limited host 5 H", "too-many-redirects image 0", "range-mismatch image 5",
		"encoding image 0", "too-big image 0", "empty image 1", "not-image image 0", "image-truncated image 1", "image-corrupt image 1", "image-bomb image 0", "checksum image 1", "rejected image 0",
		"exists request 0 N", "disk-full machine 0 E N", "io machine 0 E N", "canceled request 0 N", "worker-lost request 0 N", "internal grab 0 E N",
	}
	if !slices.Equal(got, want) {
		t.Errorf("%q\nwant\n%q", got, want)
	}
	if other := Class("from a later version"); other.Fault() != FaultImage || (&Error{Class: other}).Retries(5) != 0 {
		t.Errorf("a class that is not known: %v", other.Fault())
	}
	classes, err := ParseClasses([]string{"dns", "io"})
	if !slices.Equal(classes, []Class{ClassDNS, ClassIO}) || err != nil {
		t.Errorf("%v, %v", classes, err)
	}
	if _, err := ParseClasses([]string{"dns", "x"}); err == nil || !strings.Contains(err.Error(), `"x"`) {
		t.Errorf("%v", err)
	}
}

func TestGone(t *testing.T) {
	var gone []string
	for _, c := range Classes() {
		for _, status := range []int{0, 403, 404, 410, 503} {
			if c.Gone(status) && (status == 0 || c == ClassHTTP4xx) {
				gone = append(gone, fmt.Sprintf("%s %d", c, status))
			}
		}
	}
	if want := []string{"dns-nx 0", "http-4xx 404", "http-4xx 410", "not-image 0", "image-truncated 0", "image-corrupt 0", "rejected 0"}; !slices.Equal(gone, want) {
		t.Errorf("%q, want %q", gone, want)
	}
	now := time.Now()
	old := Earlier{Status: StatusFailed, Class: ClassHTTP4xx, HTTPStatus: 404, Asked: now.Add(-time.Hour)}
	for _, c := range []struct {
		o    Options
		e    Earlier
		want bool
	}{
		{Options{}, old, false},
		{Options{GoneFor: time.Hour}, old, false},
		{Options{GoneFor: time.Hour + 1}, old, true},
		{Options{GoneFor: 2 * time.Hour}, Earlier{Class: ClassDNS, Asked: now}, false},
		{Options{RetryFailed: []Class{ClassDNS, ClassIO}}, old, true},
		{Options{RetryFailed: []Class{ClassDNS, ClassHTTP4xx}}, old, false},
	} {
		if got := c.e.LeftAlone(&c.o, now); got != c.want {
			t.Errorf("%+v: %v", c, got)
		}
	}
	same := &Result{Status: StatusFailed, Class: ClassHTTP4xx, HTTPStatus: 404}
	for _, c := range []struct {
		r    Result
		want bool
	}{
		{*same, true},
		{Result{Status: StatusFailed, Class: ClassHTTP4xx, HTTPStatus: 410}, false},
		{Result{Status: StatusFailed, Class: ClassDNS, HTTPStatus: 404}, false},
		{Result{Status: StatusCanceled, Class: ClassHTTP4xx, HTTPStatus: 404}, false},
	} {
		if old.SameFailure(&c.r) != c.want {
			t.Errorf("%+v: %v", c.r, !c.want)
		}
	}
	if ok := (Earlier{Status: StatusOK, Class: ClassHTTP4xx, HTTPStatus: 404}); ok.SameFailure(same) {
		t.Error("an image that is there is the same failure")
	}
	for e, want := range map[Earlier]bool{{Index: 3}: true, {Index: 2}: false, {Index: 3, Named: true}: false} {
		if e.InPlace(Item{Index: 3}) != want {
			t.Errorf("%+v: %v", e, !want)
		}
	}
}

func TestErrors(t *testing.T) {
	for _, c := range []struct {
		e      Error
		text   string
		budget int // of 5
	}{
		{Error{Class: ClassDNS}, "dns", 5},
		{Error{Class: ClassDNS, Op: "look up", Reason: "no answer", Err: io.EOF}, "look up: no answer: EOF", 5},
		{Error{Class: ClassDNS, Err: io.EOF, Retry: RetryOnce}, "EOF", 1},
		{Error{Class: ClassDNS, Reason: "x", Retry: RetryNever}, "x", 0},
		{Error{Class: ClassURL, Op: "parse", Retry: RetryBudget}, "parse", 5},
	} {
		if got := c.e.Error(); got != c.text || c.e.Retries(5) != c.budget || c.e.Retries(0) != 0 {
			t.Errorf("%q, %d attempts more; want %q, %d", got, c.e.Retries(5), c.text, c.budget)
		}
		if !errors.Is(&c.e, c.e.Class) || errors.Is(&c.e, ClassIO) || c.e.Err != nil && !errors.Is(&c.e, io.EOF) {
			t.Errorf("%v is something else", &c.e)
		}
	}
	if e := (&Error{Class: ClassHTTP4xx, RetryAfter: 1}); !e.OfHost() {
		t.Error("a wish of the server says nothing of the host")
	}
	known := &Error{Class: ClassExists, Reason: "x"}
	for _, c := range []struct {
		err  error
		want Class
	}{
		{fmt.Errorf("put: %w", known), ClassExists}, {syscall.ENOSPC, ClassDiskFull}, {fmt.Errorf("write: %w", syscall.EDQUOT), ClassDiskFull},
		{syscall.EFBIG, ClassDiskFull}, {syscall.EIO, ClassIO},
	} {
		if got := LocalFailure(c.err); got.Class != c.want || !errors.Is(c.err, got) && !errors.Is(got, c.err) {
			t.Errorf("%v: %v", c.err, got)
		}
	}
	for _, c := range []struct {
		cause error
		want  Error
	}{
		{known, Error{Class: ClassExists, Op: "read", Reason: "x"}},
		{context.DeadlineExceeded, Error{Class: ClassDeadline, Op: "read", Err: context.DeadlineExceeded}},
		{nil, Error{Class: ClassCanceled, Op: "read", Err: context.Canceled}},
		{io.EOF, Error{Class: ClassCanceled, Op: "read", Err: io.EOF}},
	} {
		ctx, cancel := context.WithCancelCause(t.Context())
		cancel(c.cause)
		if got := FromContext(ctx, "read"); *got != c.want {
			t.Errorf("%v: %+v", c.cause, got)
		}
	}
	for _, c := range []struct{ source, text, want string }{
		{"-n", "x", "-n: x"}, {"", "x", "x"}, {"a\nb", "c\td\x1b", "a b: c d "},
	} {
		err := UsageErrorf(c.source, "%s", c.text)
		if err.Error() != c.want {
			t.Errorf("%q, want %q", err, c.want)
		}
	}
}

func TestTexts(t *testing.T) {
	for n, want := range map[int64]string{
		0: "0 B", 999: "999 B", 1000: "1.0 kB", 1449: "1.4 kB", 999_949: "999.9 kB", 999_950: "1.0 MB", 2_500_000: "2.5 MB",
		1_000_000_000: "1.0 GB", 1_000_000_000_000: "1.0 TB", 1_500_000_000_000_000: "1.5 PB", 9_000_000_000_000_000_000: "9000.0 PB",
	} {
		if got := FormatBytes(n); got != want {
			t.Errorf("%d: %s, want %s", n, got, want)
		}
	}
	item := Item{Line: 3, URL: "http://me:word@a.test/x"}
	for _, c := range []struct {
		r    Result
		want string
	}{
		{Result{Item: item, Status: StatusFailed, Class: ClassDNS, Error: "no answer"}, "failed   line 3, http://a.test/x: dns: no answer"},
		{Result{Item: Item{URL: "http://a.test/x"}, Status: StatusCanceled, Class: ClassCanceled, Error: "interrupted"}, "canceled argument http://a.test/x: canceled: interrupted"},
		{Result{Item: item.Public(), Status: StatusOK, File: "image_2.jpg", Bytes: 1500, Timing: Timing{Total: 0.0125}}, "ok       image_2.jpg, 1.5 kB, 13ms: http://a.test/x"},
		{Result{Item: item.Public(), Status: StatusSkipped, File: "image_2.jpg", Bytes: 1500}, "skipped  image_2.jpg, 1.5 kB, 0s: http://a.test/x"},
	} {
		if got := c.r.String(); got != c.want {
			t.Errorf("%q, want %q", got, c.want)
		}
	}
	for _, c := range []struct {
		e    HostEvent
		want string
	}{
		{HostEvent{Host: "h", Change: HostRetry, URL: "u", Tried: 2, Wait: 1500 * time.Millisecond, Reason: "r"}, "u: attempt 3 in 1.5s or later: r"},
		{HostEvent{Host: "h", Change: HostHeld, Wait: 1500*time.Millisecond + 1, Reason: "r"}, "host h: left alone for 1.5s: r"},
		{HostEvent{Host: "h", Change: HostHeld, Wait: time.Second, Images: 7, Reason: "r"}, "host h: left alone for 1s (images waiting: 7): r"},
		{HostEvent{Host: "h", Change: HostSlower, Limit: 2, Reason: "r"}, "host h: at most 2 at a time: r"},
		{HostEvent{Host: "h", Change: HostSlower, Limit: 1, Wait: time.Second, Reason: "r"}, "host h: at most 1 at a time, 1s apart: r"},
		{HostEvent{Host: "h", Change: HostBack}, "host h: answers again"},
		{HostEvent{Host: "h", Change: HostGivenUp, Images: 1, Reason: "r"}, "host h: given up until the end of the run (images waiting: 1): r"},
	} {
		if got := c.e.String(); got != c.want {
			t.Errorf("%q, want %q", got, c.want)
		}
	}
	state := HostState{Host: "h", Reason: "r", Failures: 2, Images: 3, Next: 1270 * time.Millisecond}
	if got, want := state.String(), "host h: images waiting: 3, next try in 1.3s; failures in a row: 2, the last: r"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	if state.Next = -time.Second; !strings.Contains(state.String(), "next try in 100ms") {
		t.Errorf("%v", state)
	}
}

func TestSummary(t *testing.T) {
	s := Summary{Verify: VerifyDecode, Classes: map[Class]int{}}
	if s.Complete() != true || s.PerSecond() != 0 {
		t.Errorf("nothing: %+v", s)
	}
	for _, r := range []Result{
		{Status: StatusOK, Bytes: 5, Decoded: true}, {Status: StatusOK, Bytes: 7}, {Status: StatusSkipped, Bytes: 9}, {Status: StatusSkipped, Changed: true},
	} {
		s.Add(&r)
	}
	if !s.Complete() {
		t.Errorf("all there: %+v", s)
	}
	for _, r := range []Result{
		{Status: StatusFailed, Class: ClassDNS}, {Status: StatusFailed, Class: ClassDNS, Since: time.Now()}, {Status: StatusFailed, Class: ClassIO}, {Status: StatusCanceled, Class: ClassCanceled},
	} {
		s.Add(&r)
	}
	s.Elapsed = 4 * time.Second
	got := fmt.Sprint(s.Total, s.OK, s.Skipped, s.Failed, s.Canceled, s.Known, s.NotDecoded, s.Changed, s.Bytes, s.Classes[ClassDNS], s.Classes[ClassIO], len(s.Classes), s.PerSecond(), s.Complete())
	if want := "8 2 2 3 1 1 1 1 12 2 1 2 0.5 false"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
	s = Summary{Verify: VerifyStructure, Classes: map[Class]int{}}
	if s.Add(&Result{Status: StatusOK}); s.NotDecoded != 0 {
		t.Error("not decoded, although nobody asked for it")
	}
	a, b := Usage{CPU: 5, PeakRSS: 7, Switches: 11}, Usage{CPU: 2, PeakRSS: 3, Switches: 4}
	if sum, rest := a.Plus(b), a.Since(b); sum != (Usage{7, 10, 15}) || rest != (Usage{3, 7, 7}) {
		t.Errorf("%+v, %+v", sum, rest)
	}
}

func TestValidators(t *testing.T) {
	const date = "Tue, 01 Jan 2019 00:00:00 GMT"
	for _, c := range []struct {
		etag, date string
		want       Validator
	}{
		{`"v"`, date, Validator{"If-None-Match", `"v"`}}, {`W/"v"`, "", Validator{"If-None-Match", `W/"v"`}}, {`"!#~"`, "", Validator{"If-None-Match", `"!#~"`}},
		{"", date, Validator{"If-Modified-Since", date}}, {`"`, date, Validator{"If-Modified-Since", date}}, {`"v`, "", Validator{}}, {`v"`, "", Validator{}},
		{`"a"b"`, "", Validator{}}, {`"a b"`, "", Validator{}}, {"\"\x7f\"", "", Validator{}}, {"", "today", Validator{}},
	} {
		if got := NewValidator(c.etag, c.date); got != c.want {
			t.Errorf("%s, %s: %+v, want %+v", c.etag, c.date, got, c.want)
		}
	}
}

func TestOrigin(t *testing.T) {
	for raw, want := range map[string]string{
		"http://A.test:80/x": "http://a.test", "https://a.test:443": "https://a.test", "https://a.test:80/?": "https://a.test:80", "http://a.test:443#x": "http://a.test:443",
		"http://me:word@a.test/@b.test": "http://a.test", "HTTP://a.test?x": "http://a.test", "http://[::1]:8080/": "http://[::1]:8080", "data:image/gif;base64,R0lG": "data:",
	} {
		if got := (Item{URL: raw}).Origin(); got != want {
			t.Errorf("%s: %s, want %s", raw, got, want)
		}
	}
	for text, want := range map[string]string{
		"a:1": "http://a:1", "http://me:word@a": "http://me:word@a", "https://a": "https://a", "socks5://a:1": "socks5://a:1", "socks5h://a": "socks5h://a",
		"ftp://a": "", "http://": "", "http://[a": "", ":1": "",
	} {
		if u, ok := ProxyURL(text); ok != (want != "") || ok && u.String() != want {
			t.Errorf("%q: %v, %v; want %q", text, u, ok, want)
		}
	}
}

// TestValidate changes valid options in one place at a time.
func TestValidate(t *testing.T) {
	valid := Options{Mode: Pool, Workers: 1, Dir: "x", ConnectTimeout: 1, HeaderTimeout: 1, StallTimeout: 1, MaxSize: 1, Verify: VerifyType}
	for _, c := range []struct {
		change func(*Options)
		want   string // part of the error; empty: none
	}{
		{func(*Options) {}, ""},
		{func(o *Options) { o.Mode = "x" }, `mode "x"`},
		{func(o *Options) { o.Workers = 0 }, "workers 0"},
		{func(o *Options) { o.Dir = "" }, "no output directory"},
		{func(o *Options) { o.ConnectTimeout = 0 }, "not above 0"},
		{func(o *Options) { o.HeaderTimeout = 0 }, "not above 0"},
		{func(o *Options) { o.StallTimeout = 0 }, "not above 0"},
		{func(o *Options) { o.Timeout = -1 }, "negative time"},
		{func(o *Options) { o.Grace = -1 }, "negative time"},
		{func(o *Options) { o.GoneFor = -1 }, "negative time"},
		{func(o *Options) { o.Retries = -1 }, "negative count"},
		{func(o *Options) { o.MaxRedirects = -1 }, "negative count"},
		{func(o *Options) { o.RetryStatus = []int{400, 999} }, ""},
		{func(o *Options) { o.RetryStatus = []int{500, 399} }, "statuses"},
		{func(o *Options) { o.RetryStatus = []int{1000} }, "statuses"},
		{func(o *Options) { o.RetryMin, o.RetryMax = 2, 2 }, ""},
		{func(o *Options) { o.RetryMin = 1 }, "back-off"},
		{func(o *Options) { o.RetryMin = -1 }, "back-off"},
		{func(o *Options) { o.RetryAfterMax = -1 }, "back-off"},
		{func(o *Options) { o.PerHost = -1 }, "negative rate"},
		{func(o *Options) { o.Every = -1 }, "negative rate"},
		{func(o *Options) { o.Delay = -1 }, "negative rate"},
		{func(o *Options) { o.LimitRate = -1 }, "negative rate"},
		{func(o *Options) { o.MinSpeed = -1 }, "least speed"},
		{func(o *Options) { o.MaxSize = 0 }, "size limit"},
		{func(o *Options) { o.Verify = "x" }, `verify "x"`},
		{func(o *Options) { o.Verify = VerifyDecode }, "pixel limit"},
		{func(o *Options) { o.Verify, o.MaxPixels = VerifyDecode, 1 }, ""},
		{func(o *Options) { o.DecodeMemory = -1 }, "memory for decoding"},
		{func(o *Options) { o.Proxy = "a:1" }, ""},
		{func(o *Options) { o.Proxy = "ftp://me:s3cret@a" }, "a proxy that is not a URL"},
		{func(o *Options) { o.CAs = []byte("x") }, "authorities"},
		{func(o *Options) { o.RootCAs = []byte("x") }, "authorities"},
		{func(o *Options) { o.ClientCert = []byte("x") }, "certificate"},
		{func(o *Options) { o.ClientKey = []byte("x") }, "certificate"},
		{func(o *Options) { o.Cookies = "x" }, "cookies"},
		{func(o *Options) { o.Netrc = "x" }, "netrc"},
		{func(o *Options) { o.IPv4Only = true }, ""},
		{func(o *Options) { o.IPv6Only = true }, ""},
		{func(o *Options) { o.IPv4Only, o.IPv6Only = true, true }, "IPv4 only and IPv6 only"},
	} {
		o := valid
		c.change(&o)
		err := o.Validate()
		if (err == nil) != (c.want == "") || err != nil && (!strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "s3cret")) {
			t.Errorf("%v, want %q", err, c.want)
		}
	}
}

// TestFail makes a result that was nearly ok one that failed.
func TestFail(t *testing.T) {
	for class, status := range map[Class]Status{ClassIO: StatusFailed, ClassCanceled: StatusCanceled} {
		r := Result{Item: Item{Index: 3}, Status: StatusOK, File: "image_3.jpg", Bytes: 5, SHA256: "00", Decoded: true, Width: 7, Height: 9, Attempts: 2}
		r.Fail(&Error{Class: class, Reason: "x"})
		if want := (Result{Item: Item{Index: 3}, Status: status, Class: class, Error: "x", Width: 7, Height: 9, Attempts: 2}); r != want {
			t.Errorf("%+v, want %+v", r, want)
		}
	}
}
