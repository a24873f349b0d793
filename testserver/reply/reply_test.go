package reply

import (
	"fmt"
	"io"
	"testing"
)

// TestAnswers has the answers of each kind.
func TestAnswers(t *testing.T) {
	const text, sniff = " {Content-Type text/plain; charset=utf-8} {Content-Length %d} {X-Content-Type-Options nosniff}", "nosniff"
	for _, c := range []struct {
		got  Response
		want string
	}{
		{Text(202, "some text"), fmt.Sprintf("202"+text, 10) + " some text\n"},
		{NotFound(), fmt.Sprintf("404"+text, 10) + " not found\n"},
		{BadRequest("bad"), fmt.Sprintf("400"+text, 4) + " bad\n"},
		{NotAllowed("GET, HEAD"), fmt.Sprintf("405"+text, 15) + " {Allow GET, HEAD} only GET, HEAD\n"},
		{Redirect("/x"), fmt.Sprintf("302"+text, 10) + " {Location /x} Found: /x\n"},
		{HTML("<p>"), "200 {Content-Type text/html; charset=utf-8} {Content-Length 4} {X-Content-Type-Options " + sniff + "} <p>\n"},
		{Content(201, "a/b", []byte("data")), "201 {Content-Type a/b} {Content-Length 4} {X-Content-Type-Options " + sniff + "} data"},
	} {
		got := fmt.Sprint(c.got.Status)
		for _, f := range c.got.Fields {
			got += fmt.Sprintf(" %v", f)
		}
		if got += " " + string(c.got.Body.Bytes()); got != c.want || c.got.Image || c.got.Pace != 0 {
			t.Errorf("%q, want %q", got, c.want)
		}
	}
	r := Redirect("/x")
	if r.Get("Location") != "/x" || r.Get("location") != "" || r.Get("Etag") != "" {
		t.Errorf("%+v", r.Fields)
	}
	fields := []Field{Header("Content-Length", "1"), Header("Etag", "x"), ContentLength(2)}
	if got := fmt.Sprint(Sized(fields, NewBody([]byte("abc"), []byte("de")))); got != "[{Etag x} {Content-Length 5}]" || fields[0].Value != "1" {
		t.Errorf("%s, %v", got, fields)
	}
}

// TestEndOfBody reads at the end of a body, and after it.
func TestEndOfBody(t *testing.T) {
	b := NewBody([]byte("ab"), []byte("c"))
	for _, c := range []struct {
		size   int
		offset int64
		want   string
	}{{0, 0, "0 <nil>"}, {3, 0, "3 <nil>"}, {4, 0, "3 EOF"}, {1, 2, "1 <nil>"}, {2, 2, "1 EOF"}, {1, 3, "0 EOF"}, {1, 9, "0 EOF"}} {
		n, err := b.ReadAt(make([]byte, c.size), c.offset)
		if got := fmt.Sprint(n, " ", err); got != c.want {
			t.Errorf("%d bytes at %d: %s, want %s", c.size, c.offset, got, c.want)
		}
	}
	if data, err := io.ReadAll(io.NewSectionReader(b, 1, 9)); string(data) != "bc" || err != nil {
		t.Errorf("%q, %v", data, err)
	}
}
