package faults

import (
	"bytes"
	"compress/gzip"
	"compress/zlib"
	"context"
	"crypto/tls"
	"encoding/binary"
	"flag"
	"fmt"
	"io"
	"net"
	"net/http/httptest"
	"os"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"grab/testserver/fault"
	"grab/testserver/outlet"
	"grab/testserver/reply"
)

var update = flag.Bool("update", false, "write what the faults sent into testdata")

const answersFile = "testdata/answers.txt"

// TestAnswers plays each fault of requests, and compares what it sends with
// testdata/answers.txt. A difference there is a change of a fault. If it is meant, run the
// test with -update, and read the diff.
func TestAnswers(t *testing.T) {
	var got strings.Builder
	synctest.Test(t, func(t *testing.T) { // time does not pass, except in pauses
		for _, f := range All() {
			if f.Play != nil {
				writeAnswers(t, &got, f)
			}
		}
	})
	compare(t, answersFile, got.String())
}

// compare compares a text with that of a file, or writes it there.
func compare(t *testing.T, file, got string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	g, w := strings.Split(got, "\n"), strings.Split(string(want), "\n")
	name, wrong := "", 0
	for i := range min(len(g), len(w)) {
		if strings.HasPrefix(g[i], "# ") {
			name = g[i]
		}
		if g[i] != w[i] && wrong < 5 {
			wrong++
			t.Errorf("line %d, %s:\n got %s\nwant %s", i+1, name, g[i], w[i])
		}
	}
	if len(g) != len(w) {
		t.Errorf("%d lines, want %d", len(g), len(w))
	}
}

// ask is a request that a fault may answer in another way than the first one.
type ask struct {
	name  string
	nth   int
	field string // of its header
	tls   bool
}

// writeAnswers writes the answer to the first request with each query, and then those to
// other requests that differ from it.
func writeAnswers(t *testing.T, to *strings.Builder, f fault.Fault) {
	limit := (&Chosen{Fault: &f}).Limit()
	fmt.Fprintf(to, "# %s, limit %d, passing %v\n", f.Name, limit, f.Passing())
	for _, query := range append([]string{""}, f.Queries...) {
		if f.ID == "A24" && query != "" {
			continue // another 70 MB
		}
		if query != "" {
			fmt.Fprintf(to, "? %.60s\n", query)
		}
		by := map[string][]string{} // the requests that get an answer
		var order []string
		for _, a := range []ask{
			{name: "first"}, {name: "TLS", tls: true}, {name: "second", nth: 1}, {name: "third", nth: 2}, {name: "20th", nth: 19}, {name: "21st", nth: 20},
			{name: "all", field: "bytes=0-", nth: 1}, {name: "rest", field: "bytes=15-", nth: 1}, {name: "end", field: "bytes=99-", nth: 1},
		} {
			if isLarge(f) && a.name != "first" {
				continue
			}
			answer := answerOf(t, f, query, a)
			if by[answer] == nil {
				order = append(order, answer)
			}
			by[answer] = append(by[answer], a.name)
		}
		for i, answer := range order {
			if asks := strings.Join(by[answer], ", "); i == 0 {
				fmt.Fprintln(to, answer)
			} else {
				fmt.Fprintf(to, "%s: %s\n", asks, answer)
			}
		}
	}
}

// isLarge reports whether a fault sends megabytes, which are the same to every request.
func isLarge(f fault.Fault) bool {
	return slices.Contains([]string{"A23", "A24", "A122", "A131", "A132", "A133"}, f.ID)
}

// imageAt returns an image of which all bytes are known, whatever compresses it elsewhere.
func imageAt(uri string) reply.Response {
	path, _, _ := strings.Cut(uri, "?")
	contentType, data := "image/jpeg", []byte("\xff\xd8"+uri+"\xff\xd9")
	switch {
	case strings.HasSuffix(path, ".png"):
		contentType, data = "image/png", pngOf(9, 9, []byte(uri))
	case strings.HasSuffix(path, ".gif"):
		contentType, data = "image/gif", []byte("GIF89a"+uri+";")
	}
	return reply.Response{Status: 200, Image: true, Body: reply.NewBody(data[:9], data[9:]), Fields: []reply.Field{
		reply.Header("Content-Type", contentType), reply.Header("Etag", `"tag"`),
	}}
}

func answerOf(t *testing.T, f fault.Fault, query string, a ask) string {
	t.Helper()
	params, _, err := fault.SplitQuery(query)
	if err != nil {
		t.Fatal(err)
	}
	const uri = "/image/7.jpg?w=9"
	req := &fault.Request{
		Params: params, HTTP: httptest.NewRequest("GET", "http://a.test:81"+uri, nil),
		Path: "/fault/" + f.Name + uri, Whole: imageAt(uri), URI: uri, Nth: a.nth, Other: imageAt,
		Count: func(key string) int {
			if key == "" {
				t.Errorf("%s counts nothing", f.Name)
			}
			return a.nth
		},
	}
	if a.field != "" {
		req.HTTP.Header.Set("Range", a.field)
	}
	if a.tls {
		req.HTTP.TLS = &tls.ConnectionState{}
	}
	began := time.Now()
	text := play(t.Context(), req, f.Play(req))
	if took := time.Since(began); took > 0 {
		text += fmt.Sprintf(" after %v", took)
	}
	return text
}

// play returns what an answer sends, and how it ends.
func play(ctx context.Context, req *fault.Request, a fault.Answer) string {
	var out strings.Builder
	switch {
	case a.Reply != nil:
		fmt.Fprintf(&out, "%d%s", a.Reply.Status, fieldsOf(a.Reply.Fields))
		if a.Reply.Pace != 0 {
			fmt.Fprintf(&out, " %d bytes a second", a.Reply.Pace)
		}
		if a.Reply.Image {
			out.WriteString(" as image")
		}
		return out.String() + " " + shown(a.Reply.Body.Bytes())
	case a.OnWriter != nil:
		end := a.OnWriter(req, &recording{out: &out})
		return fmt.Sprintf("%s end %d", out.String(), end)
	}
	ours, theirs := net.Pipe()
	defer theirs.Close()
	sent := make(chan []byte)
	go func() {
		var kept bytes.Buffer
		buffer := make([]byte, 64<<10)
		for {
			n, err := theirs.Read(buffer)
			if kept.Len() < 1<<20 {
				kept.Write(buffer[:n])
			}
			if err != nil {
				sent <- kept.Bytes()
				return
			}
		}
	}()
	c := outlet.NewConn(ctx, ours)
	c.Planned = req.Whole.Body.Size
	end := a.OnConn(req, c)
	c.Flush()
	c.Release()
	_ = ours.Close()
	return fmt.Sprintf("raw %s status %d, %d of %d end %d", shown(<-sent), c.Status, c.Sent, c.Planned, end)
}

// recording writes down what it is told.
type recording struct {
	out   *strings.Builder
	bytes int
}

func (r *recording) Begin(status int, fields []reply.Field) {
	fmt.Fprintf(r.out, "begin %d%s", status, fieldsOf(fields))
}

func (r *recording) Write(p []byte) (int, error) {
	if r.bytes += len(p); r.bytes > 1<<20 {
		return 0, io.ErrClosedPipe
	}
	fmt.Fprintf(r.out, " write %s", shown(p))
	return len(p), nil
}

func (r *recording) Flush() { r.out.WriteString(" flush") }

func (r *recording) Pause(d time.Duration) bool {
	fmt.Fprintf(r.out, " pause %v", d)
	return true
}

// fieldsOf returns fields as text, without the length of what may be compressed.
func fieldsOf(fields []reply.Field) string {
	var out strings.Builder
	for _, f := range fields {
		compressed := slices.Contains(fields, reply.Header("Content-Encoding", "gzip")) ||
			slices.Contains(fields, reply.Header("Content-Type", "image/png")) && len(f.Value) == 6
		if f.Key != "Content-Length" || !compressed {
			fmt.Fprintf(&out, " %s=%.80q", f.Key, f.Value)
		}
	}
	return out.String()
}

// shown returns bytes as text. Of what was compressed it has what comes out, since the
// compressed bytes are not the same with every version of Go.
func shown(data []byte) string {
	switch {
	case bytes.HasPrefix(data, []byte("\x1f\x8b")) && len(data) > 10_000:
		return "a large gzip"
	case bytes.HasPrefix(data, []byte("\x1f\x8b")):
		z, err := gzip.NewReader(bytes.NewReader(data))
		if err != nil {
			return "gzip, " + err.Error()
		}
		const most = 1 << 30
		n, err := io.Copy(io.Discard, io.LimitReader(z, most))
		return fmt.Sprintf("gzip of %d bytes, %v", n, err)
	case bytes.HasPrefix(data, []byte("\x89PNG")) && len(data) > 1000:
		return chunksOf(data)
	case len(data) > 500:
		return fmt.Sprintf("%d bytes, %q…%q", len(data), data[:100], data[len(data)-30:])
	}
	return fmt.Sprintf("%q", data)
}

// chunksOf lists the chunks of a PNG, which may be compressed.
func chunksOf(png []byte) string {
	list := fmt.Sprintf("%q", png[:33])
	for at := 33; at < len(png); {
		list += fmt.Sprintf(" %s", png[at+4:at+8])
		at += 12 + int(binary.BigEndian.Uint32(png[at:]))
	}
	return list
}

// TestPNGBomb inflates a small bomb: a byte of filter and a bit a pixel for each row.
func TestPNGBomb(t *testing.T) {
	const side = 3000
	data := pngBomb(side).Bytes()
	z, err := zlib.NewReader(bytes.NewReader(data[41:]))
	if err != nil {
		t.Fatal(err)
	}
	const rows, most = side * (side/8 + 1), 65<<10 + 16*64<<10
	if n, err := io.Copy(io.Discard, z); n < rows || n > rows+most || err != zlib.ErrChecksum {
		t.Errorf("%d bytes, want %d or a little more; %v", n, rows, err)
	}
}

// TestPicks has the faults that a plan picks, which must stay the same from run to run.
func TestPicks(t *testing.T) {
	p := mustPlan(t, "a01=20%,a91-status?status=502=30%,a31?times=2=10%")
	var got []string
	for i := range 16 {
		name := "-"
		if c := p.Pick(3, fmt.Sprintf("/image/%d.jpg", i)); c != nil {
			name = fmt.Sprintf("%s:%d", c.Fault.ID, c.Limit())
		}
		got = append(got, name)
	}
	if want := "A91:1 A91:1 - - A31:2 A01:1 - A31:2 - A01:1 A91:1 - - A31:2 - A91:1"; strings.Join(got, " ") != want {
		t.Errorf("%s, want %s", strings.Join(got, " "), want)
	}
}
