package downloader

import (
	"crypto/ed25519"
	"crypto/rand"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"errors"
	"io"
	"math/big"
	"reflect"
	"strings"
	"testing"
	"time"
)

// TestDefaults spells out what a run does if nobody chose anything. Times are in nanoseconds.
func TestDefaults(t *testing.T) {
	want := Options{
		Mode: "pool", Workers: 16, Dir: "images",
		ConnectTimeout: 10_000_000_000, HeaderTimeout: 30_000_000_000, StallTimeout: 30_000_000_000,
		MinSpeed: 1024, Timeout: 300_000_000_000, TimeoutGrows: true, Grace: 5_000_000_000,
		Retries: 4, RetryMin: 250_000_000, RetryMax: 30_000_000_000, RetryAfterMax: 120_000_000_000,
		MaxSize: 268_435_456, MaxRedirects: 10, UserAgent: "grab", TLSMin: 0x0303,
		Verify: "structure", MaxPixels: 100_000_000, DecodeMemory: 1_073_741_824,
	}
	got := Defaults()
	if !reflect.DeepEqual(got, want) {
		t.Errorf("%+v, want\n%+v", got, want)
	}
	if err := got.Validate(); err != nil {
		t.Error(err)
	}
}

// TestEarlier asks what an earlier run left, at the edges of each rule.
func TestEarlier(t *testing.T) {
	if e := (Earlier{Index: 3}); e.InPlace(Item{Index: 3, Name: "{stem}"}) {
		t.Error("an item with a name of its own is in place by its number")
	}
	now := time.Now()
	rejected := Earlier{Status: StatusFailed, Class: ClassRejected, Asked: now.Add(-time.Hour)}
	for _, c := range []struct {
		o    Options
		e    Earlier
		want bool
	}{
		{Options{RetryFailed: []Class{ClassDNS}}, rejected, true},
		{Options{RetryFailed: []Class{ClassRejected}, GoneFor: 2 * time.Hour}, rejected, false},
		{Options{GoneFor: 2 * time.Hour}, rejected, false},
		{Options{GoneFor: 2 * time.Hour, Reject: Rejects{URLs: []string{"x"}}}, rejected, true},
		{Options{GoneFor: 2 * time.Hour, Reject: Rejects{SHA256: []string{"x"}}}, rejected, true},
		{Options{GoneFor: 2 * time.Hour, Reject: Rejects{SHA256: []string{"x"}, URLs: []string{"x"}}}, rejected, true},
		{Options{GoneFor: time.Hour, Reject: Rejects{URLs: []string{"x"}}}, rejected, false},
	} {
		if got := c.e.LeftAlone(&c.o, now); got != c.want {
			t.Errorf("%+v: %v", c, got)
		}
	}
}

// TestFields builds the columns of a row, and reads them back.
func TestFields(t *testing.T) {
	object := AppendField(AppendField(nil, `a"`, ""), "é<", `<&>\`)
	object = append(AppendFieldName(object, "n"), "5}"...)
	const want = `{"a\"":"","é<":"<&>\\","n":5}`
	if string(object) != want {
		t.Errorf("%s, want %s", object, want)
	}
	for f, want := range map[Fields]string{"": "{}", "{}": "{}", want: want} {
		if got, err := f.MarshalJSON(); string(got) != want || err != nil {
			t.Errorf("%q: %s, %v", f, got, err)
		}
	}
	for text, want := range map[string]string{
		"": "fields: not a JSON object", "[]": "fields: not a JSON object", "{": "unexpected end of JSON input", `{"a": 1 }`: "",
	} {
		f := Fields("before")
		err := f.UnmarshalJSON([]byte(text))
		if err != nil && (err.Error() != want || f != "before") || err == nil && (want != "" || f != `{"a":1}`) {
			t.Errorf("%q: %q, %v; want %q", text, f, err, want)
		}
	}
}

// TestTextsInJSON compares texts of a result with those of encoding/json, at their edges.
func TestTextsInJSON(t *testing.T) {
	for text, want := range map[string]string{
		"": `""`, `"`: `"\""`, `\`: `"\\"`, `"a\`: `"\"a\\"`, "a&<b>": `"a&<b>"`, "é&<b>": `"é&<b>"`, "\x00\"": `"\u0000\""`,
	} {
		if got := appendText([]byte("x"), "", text); string(got) != "x"+want {
			t.Errorf("%q: %s, want %s", text, got[1:], want)
		}
	}
	for seconds, want := range map[float64]string{0: "0", 9.9e-7: "0", -9.9e-7: "0", 1e-6: "0.000001", -1e-6: "-0.000001", 1.5: "1.5", 1e9: "1000000000"} {
		if got := string(appendSeconds(nil, "", seconds)); got != want {
			t.Errorf("%v: %s, want %s", seconds, got, want)
		}
	}
	r := Result{Since: time.Date(2026, 11, 22, 20, 18, 30, 5, time.UTC)}
	var back Result
	if err := json.Unmarshal(r.AppendJSON(nil, ""), &back); err != nil || back != r {
		t.Errorf("%+v, %v", back, err)
	}
}

// TestTimingPlus adds the phases, but neither the wait in the queue nor the whole time.
func TestTimingPlus(t *testing.T) {
	a := Timing{Queue: 1, DNS: 2, Connect: 3, TLS: 4, FirstByte: 5, Body: 6, Verify: 7, Commit: 8, Total: 9}
	b := Timing{Queue: 100, DNS: 200, Connect: 300, TLS: 400, FirstByte: 500, Body: 600, Verify: 700, Commit: 800, Total: 900}
	want := Timing{Queue: 1, DNS: 202, Connect: 303, TLS: 404, FirstByte: 505, Body: 606, Verify: 707, Commit: 8, Total: 9}
	if got := a.Plus(b); got != want {
		t.Errorf("%+v, want %+v", got, want)
	}
}

// TestSummaryCounts counts results whose numbers differ from those of their opposites.
func TestSummaryCounts(t *testing.T) {
	s := Summary{Verify: VerifyDecode, Elapsed: 1}
	for _, r := range []Result{
		{Status: StatusOK, Bytes: 5, Decoded: true}, {Status: StatusOK, Bytes: 7, Decoded: true, SameAs: "a"}, {Status: StatusOK, Bytes: 11},
		{Status: StatusSkipped, Changed: true}, {Status: StatusSkipped}, {Status: StatusSkipped},
	} {
		s.Add(&r)
	}
	want := Summary{Verify: VerifyDecode, Elapsed: 1, Total: 6, OK: 3, Skipped: 3, NotDecoded: 1, Changed: 1, Bytes: 23, Shared: 1, SavedBytes: 7}
	if !reflect.DeepEqual(s, want) {
		t.Errorf("%+v, want\n%+v", s, want)
	}
	if got := s.PerSecond(); got != 3e9 {
		t.Errorf("%v images a second", got)
	}
}

// TestValidateRules changes options whose check takes more than a number.
func TestValidateRules(t *testing.T) {
	public, private, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1)}
	der, err := x509.CreateCertificate(rand.Reader, template, template, public, private)
	if err != nil {
		t.Fatal(err)
	}
	pkcs8, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		t.Fatal(err)
	}
	cert := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})
	key := pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: pkcs8})
	sum := strings.Repeat("0a", 32)
	for name, c := range map[string]struct {
		change func(*Options)
		want   string // the error; empty: none
	}{
		"authorities":         {func(o *Options) { o.RootCAs, o.CAs = cert, cert }, ""},
		"a client":            {func(o *Options) { o.ClientCert, o.ClientKey = cert, key }, ""},
		"HTTP/1.1 only":       {func(o *Options) { o.HTTP1 = true }, ""},
		"HTTP/2":              {func(o *Options) { o.HTTP2 = true }, ""},
		"HTTP/1.1 and HTTP/2": {func(o *Options) { o.HTTP1, o.HTTP2 = true, true }, "HTTP/1.1 only and HTTP/2"},
		"rejects":             {func(o *Options) { o.Reject = Rejects{SHA256: []string{sum}, URLs: []string{"*"}} }, ""},
		"a short sum":         {func(o *Options) { o.Reject.SHA256 = []string{sum, sum[2:]} }, "what to reject: {[" + sum + " " + sum[2:] + "] []}"},
		"an empty pattern":    {func(o *Options) { o.Reject.URLs = []string{"*", ""} }, "what to reject: {[] [* ]}"},
		"two faults":          {func(o *Options) { o.Workers, o.MaxSize = 0, 0 }, "workers 0\nsize limit 0"},
	} {
		o := Defaults()
		c.change(&o)
		if err := o.Validate(); (err == nil) != (c.want == "") || err != nil && err.Error() != c.want {
			t.Errorf("%s: %v, want %q", name, err, c.want)
		}
	}
}

// TestRejectEdges tests a single pattern, and sums of a wrong length.
func TestRejectEdges(t *testing.T) {
	r := Rejects{URLs: []string{"http://a.test/*"}}
	if got := r.URL("http://A.test/x#y"); got != r.URLs[0] {
		t.Errorf("%q", got)
	}
	sum := strings.Repeat("0a", 32)
	for _, text := range []string{"sha256:" + sum + "x", "sha256:" + sum + "xy", "sha256:" + sum + "0a", "sha256:" + sum[2:]} {
		if err := r.ParseReject(text); err == nil {
			t.Errorf("%q is taken", text)
		}
	}
	if errors.Is(&Error{}, io.EOF) {
		t.Error("an error without a class is any error")
	}
}

// TestOriginOfMappedNames tests names and schemes that are mapped before they are compared.
func TestOriginOfMappedNames(t *testing.T) {
	for raw, want := range map[string]string{
		"http://B\u00fccher.test/x": "http://xn--bcher-kva.test", "https://xn--bcher-kva.test:443/": "https://xn--bcher-kva.test", "http://a%2Etest": "http://a.test",
	} {
		if got := (Item{URL: raw}).Origin(); got != want {
			t.Errorf("%s: %s, want %s", raw, got, want)
		}
	}
}
