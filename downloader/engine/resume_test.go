package engine_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	. "grab/downloader"
	. "grab/downloader/engine"
)

const strong = `"version 1"`

// photo is an image that is longer than any buffer.
var photo = append(picture[:len(picture):len(picture)], strings.Repeat("x", 200<<10)...)

// breaksOff answers with the first part of an image, and announces more.
func breaksOff(image []byte, n int, fields ...string) script {
	head := append([]string{"HTTP/1.1 200 OK", fmt.Sprintf("Content-Length: %d", len(image))}, fields...)
	return says(strings.Join(head, "\r\n") + "\r\n\r\n" + string(image[:n]))
}

// rest answers with the rest of an image.
func rest(image []byte, from int, fields ...string) script {
	fields = append(fields, fmt.Sprintf("Content-Range: bytes %d-%d/%d", from, len(image)-1, len(image)))
	return says(reply("206 Partial Content", string(image[from:]), fields...))
}

// TestResume cuts the first response, and checks what the second request asks for and
// what becomes of its answer.
func TestResume(t *testing.T) {
	old := "Last-Modified: Mon, 02 Jan 2006 15:04:05 GMT"
	date := "Date: Mon, 02 Jan 2006 15:04:06 GMT"
	later := "Date: Mon, 02 Jan 2006 15:04:07 GMT"
	tag := "Etag: " + strong
	for name, tt := range map[string]struct {
		first, second script
		ifRange       string // of the second request; empty: it asks for all
		attempts      int
		class         Class
	}{
		"strong tag":       {breaksOff(photo, 1000, tag), rest(photo, 1000, tag), strong, 2, ""},
		"after a buffer":   {breaksOff(photo, 150_000, tag), rest(photo, 150_000), strong, 2, ""},
		"date":             {breaksOff(photo, 1000, old, later), rest(photo, 1000, old), "Mon, 02 Jan 2006 15:04:05 GMT", 2, ""},
		"fresh date":       {breaksOff(photo, 1000, old, date), says(reply("200 OK", string(photo))), "", 2, ""},
		"weak tag":         {breaksOff(photo, 1000, "Etag: W/"+strong, old, later), says(reply("200 OK", string(photo))), "", 2, ""},
		"no validator":     {breaksOff(photo, 1000), says(reply("200 OK", string(photo))), "", 2, ""},
		"no ranges":        {breaksOff(photo, 1000, tag, "Accept-Ranges: none"), says(reply("200 OK", string(photo))), "", 2, ""},
		"gzip":             {breaksOff([]byte(gzipped(photo)), 50, tag, "Content-Encoding: gzip"), says(reply("200 OK", string(photo))), "", 2, ""},
		"nothing came":     {breaksOff(photo, 0, tag), says(reply("200 OK", string(photo))), "", 2, ""},
		"changed":          {breaksOff(photo, 1000, tag), says(reply("200 OK", string(photo))), strong, 2, ""},
		"other tag":        {breaksOff(photo, 1000, tag), rest(photo, 1000, `Etag: "version 2"`), strong, 3, ""},
		"low":              {breaksOff(photo, 1000, tag), rest(photo, 999, tag), strong, 3, ""},
		"high":             {breaksOff(photo, 1000, tag), rest(photo, 1001, tag), strong, 3, ""},
		"other total":      {breaksOff(photo, 1000, tag), rest(append(photo[:len(photo):len(photo)], 'x'), 1000, tag), strong, 3, ""},
		"no range":         {breaksOff(photo, 1000, tag), says(reply("206 Partial Content", string(photo[1000:]))), strong, 3, ""},
		"coded":            {breaksOff(photo, 1000, tag), rest(photo, 1000, "Content-Encoding: gzip"), strong, 3, ""},
		"416, all there":   {says("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n" + tag + "\r\n\r\n" + chunk(photo)), says(reply("416 Range Not Satisfiable", "", fmt.Sprintf("Content-Range: bytes */%d", len(photo)))), strong, 2, ""},
		"416, other total": {breaksOff(photo, 1000, tag), says(reply("416 Range Not Satisfiable", "", "Content-Range: bytes */999")), strong, 3, ""},
		"416":              {breaksOff(photo, 1000, tag), says(reply("416 Range Not Satisfiable", "")), strong, 3, ""},
		"a lie":            {breaksOff(photo, 100, tag), rest(bytes.Repeat([]byte("y"), len(photo)), 100, tag), strong, 3, ""},
		"403":              {breaksOff(photo, 1000, tag), says(reply("403 Forbidden", "no")), strong, 3, ""},
		"404":              {breaksOff(photo, 1000, tag), says(reply("404 Not Found", "")), strong, 3, ""},
		"412":              {breaksOff(photo, 1000, tag), says(reply("412 Precondition Failed", "")), strong, 3, ""},
		"501":              {breaksOff(photo, 1000, tag), says(reply("501 Not Implemented", "")), strong, 3, ""},
		"rest is cut": {breaksOff(photo, 1000, tag), says(fmt.Sprintf("HTTP/1.1 206 Partial Content\r\nContent-Range: bytes 1000-%d/%d\r\nContent-Length: %d\r\n\r\nxx",
			len(photo)-1, len(photo), len(photo)-1000)), strong, 3, ""},
	} {
		t.Run(name, func(t *testing.T) {
			eachMode(t, func(t *testing.T, opts Options) {
				third := says(reply("200 OK", string(photo)))
				if name == "rest is cut" {
					third = rest(photo, 1002, tag)
				}
				server := startScripts(t, map[string]script{"/1": inTurn(tt.first, tt.second, third)})
				opts.Verify = VerifyStructure
				o := fetch(t, opts, server.url("/1"))
				status := StatusOK
				if tt.class != "" {
					status = StatusFailed
				}
				expect(t, o.results[0], status, tt.class, tt.attempts)
				if status == StatusOK && string(o.file(t, 0)) != string(photo) {
					t.Error("not the bytes of the image")
				}
				checkAsked(t, server.asked("/1")[1], tt.ifRange)
			})
		})
	}
}

func chunk(data []byte) string { return fmt.Sprintf("%x\r\n%s\r\n", len(data), data) }

func checkAsked(t *testing.T, req *http.Request, ifRange string) {
	t.Helper()
	got := req.Header.Get("If-Range")
	if got != ifRange || (req.Header.Get("Range") != "") != (ifRange != "") {
		t.Errorf("Range %q, If-Range %q; want %q", req.Header.Get("Range"), got, ifRange)
	}
}

// TestResumeAcrossRuns leaves the beginning of an image to the next run. Some of these
// find it, or the server's image, changed.
func TestResumeAcrossRuns(t *testing.T) {
	const have = 150_000
	part := func(opts Options, name string) string { return filepath.Join(opts.Dir, StateDir, name) }
	for name, tt := range map[string]struct {
		change func(t *testing.T, opts *Options)
		resume bool
	}{
		"unchanged": {func(*testing.T, *Options) {}, true},
		"damaged": {func(t *testing.T, opts *Options) {
			data, err := os.ReadFile(part(*opts, "0.part"))
			if err != nil {
				t.Fatal(err)
			}
			data[have/2] ^= 1
			write(t, part(*opts, "0.part"), string(data))
		}, false},
		"truncated":   {func(t *testing.T, opts *Options) { write(t, part(*opts, "0.part"), "") }, false},
		"no words":    {func(t *testing.T, opts *Options) { os.Remove(part(*opts, "0.resume")) }, false},
		"wrong words": {func(t *testing.T, opts *Options) { write(t, part(*opts, "0.resume"), "{") }, false},
		"gone":        {func(t *testing.T, opts *Options) { os.Remove(part(*opts, "0.part")) }, false},
		"a link":      {func(t *testing.T, opts *Options) { plant(t, opts, part(*opts, "0.part")) }, false},
		"forced":      {func(_ *testing.T, opts *Options) { opts.Force = true }, false},
	} {
		t.Run(name, func(t *testing.T) {
			eachMode(t, func(t *testing.T, opts Options) {
				second := rest(photo, have, "Etag: "+strong)
				if !tt.resume {
					second = says(reply("200 OK", string(photo)))
				}
				server := startScripts(t, map[string]script{"/1": inTurn(breaksOff(photo, have, "Etag: "+strong), second)})
				again := opts
				opts.Retries = 0
				expect(t, fetch(t, opts, server.url("/1")).results[0], StatusFailed, ClassTruncated, 1)
				tt.change(t, &again)
				o := fetch(t, again, server.url("/1"))
				expect(t, o.results[0], StatusOK, "", 1)
				if string(o.file(t, 0)) != string(photo) {
					t.Error("not the bytes of the image")
				}
				want := ""
				if tt.resume {
					want = strong
				}
				checkAsked(t, server.asked("/1")[1], want)
				left, _ := filepath.Glob(part(opts, "*.*"))
				if len(left) > 0 {
					t.Errorf("left: %q", left)
				}
			})
		})
	}
}

// plant puts a link to a foreign file in a file's place.
func plant(t *testing.T, opts *Options, name string) {
	t.Helper()
	target := filepath.Join(filepath.Dir(opts.Dir), "stranger")
	write(t, target, "stranger")
	if err := os.Remove(name); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(target, name); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if data, err := os.ReadFile(target); string(data) != "stranger" {
			t.Errorf("the stranger's file is %q, %v", data, err)
		}
	})
}

// TestNothingIsLeftOfAnotherURL edits the list between two runs.
func TestNothingIsLeftOfAnotherURL(t *testing.T) {
	eachMode(t, func(t *testing.T, opts Options) {
		server := startScripts(t, map[string]script{
			"/1": breaksOff(photo, 150_000, "Etag: "+strong),
			"/2": func(c conn, _ int) { io.WriteString(c, wholeReply) },
		})
		opts.Retries = 0
		fetch(t, opts, server.url("/1"))
		o := fetch(t, opts, server.url("/2"))
		expect(t, o.results[0], StatusOK, "", 1)
		checkAsked(t, server.asked("/2")[0], "")
	})
}

// TestNothingIsLeftOfARefusedImage breaks off, and then says that there is no image. What
// came of it helps no later run.
func TestNothingIsLeftOfARefusedImage(t *testing.T) {
	for name, second := range map[string]script{
		"gone":            says(reply("404 Not Found", "")),
		"another version": breaksOff(photo, 100_000, `Etag: "version 2"`),
		"no image":        says(reply("200 OK", "<html>no image</html>")),
	} {
		t.Run(name, func(t *testing.T) {
			eachMode(t, func(t *testing.T, opts Options) {
				server := startScripts(t, map[string]script{"/1": inTurn(breaksOff(photo, 150_000, "Etag: "+strong), second, says(reply("404 Not Found", "")))})
				opts.Retries = 2
				if r := fetch(t, opts, server.url("/1")).results[0]; r.Status != StatusFailed {
					t.Errorf("%+v", r)
				}
				if left, _ := filepath.Glob(filepath.Join(opts.Dir, StateDir, "*")); len(left) > 0 {
					t.Errorf("left: %q", left)
				}
			})
		})
	}
}

// TestRefusedResume refuses every request for a part. The request for the whole image
// comes in the same run, even if that has no other attempt, and is the last.
func TestRefusedResume(t *testing.T) {
	for name, tt := range map[string]struct {
		whole script
		class Class
	}{
		"only the part is refused": {says(reply("200 OK", string(photo))), ""},
		"the whole is refused too": {says(reply("403 Forbidden", "")), ClassHTTP4xx},
		"the whole breaks off":     {breaksOff(photo, 1000), ClassTruncated},
	} {
		t.Run(name, func(t *testing.T) {
			eachMode(t, func(t *testing.T, opts Options) {
				server := startScripts(t, map[string]script{"/1": inTurn(
					breaksOff(photo, 150_000, "Etag: "+strong), says(reply("403 Forbidden", "")), tt.whole)})
				opts.Retries = 0
				expect(t, fetch(t, opts, server.url("/1")).results[0], StatusFailed, ClassTruncated, 1)
				status := StatusOK
				if tt.class != "" {
					status = StatusFailed
				}
				expect(t, fetch(t, opts, server.url("/1")).results[0], status, tt.class, 2)
				asked := server.asked("/1")
				if len(asked) != 3 {
					t.Fatalf("%d requests", len(asked))
				}
				checkAsked(t, asked[1], strong)
				checkAsked(t, asked[2], "")
			})
		})
	}
}

// TestResumeAfterTrouble has a server that is away between the two parts.
func TestResumeAfterTrouble(t *testing.T) {
	const have = 150_000
	eachMode(t, func(t *testing.T, opts Options) {
		away := says(reply("503 Service Unavailable", ""))
		server := startScripts(t, map[string]script{
			"/1": inTurn(breaksOff(photo, have, "Etag: "+strong), away, rest(photo, have, "Etag: "+strong)),
		})
		o := fetch(t, opts, server.url("/1"))
		expect(t, o.results[0], StatusOK, "", 3)
		if string(o.file(t, 0)) != string(photo) {
			t.Error("not the bytes of the image")
		}
		checkAsked(t, server.asked("/1")[2], strong)
	})
}

// TestResumeAfterDeadline ends an image by -timeout. What it has stays, as after an
// interrupt.
func TestResumeAfterDeadline(t *testing.T) {
	const have = 150_000
	eachMode(t, func(t *testing.T, opts Options) {
		stuck := holds(fmt.Sprintf("HTTP/1.1 200 OK\r\nContent-Length: %d\r\nEtag: %s\r\n\r\n%s", len(photo), strong, photo[:have]))
		server := startScripts(t, map[string]script{"/1": inTurn(stuck, rest(photo, have, "Etag: "+strong))})
		again := opts
		opts.Timeout = 2 * time.Second
		expect(t, fetch(t, opts, server.url("/1")).results[0], StatusFailed, ClassDeadline, 1)
		expect(t, fetch(t, again, server.url("/1")).results[0], StatusOK, "", 1)
		checkAsked(t, server.asked("/1")[1], strong)
	})
}

// TestResumeAfterInterrupt ends a run in the middle of an image, and continues it with
// another run.
func TestResumeAfterInterrupt(t *testing.T) {
	// More than the socket buffers hold: once all of it is sent, grab has received a
	// lot of it.
	begun := photo[:len(photo):len(photo)]
	for len(begun) < 8<<20 {
		begun = append(begun, begun...)
	}
	image := append(begun[:len(begun):len(begun)], "the rest"...)
	eachMode(t, func(t *testing.T, opts Options) {
		ctx, interrupt := context.WithCancel(t.Context())
		var from int
		server := startScripts(t, map[string]script{"/1": func(c conn, attempt int) {
			if attempt == 1 {
				breaksOff(image, len(begun), "Etag: "+strong)(c, attempt)
				interrupt()
				c.linger()
				return
			}
			rest(image, from, "Etag: "+strong)(c, attempt)
		}})
		opts.MaxSize, opts.Grace = 16<<20, 0
		o := runIn(ctx, t, opts, Deps{}, lines(server.url("/1")))
		expect(t, o.results[0], StatusCanceled, ClassCanceled, 1)
		info, err := os.Stat(filepath.Join(opts.Dir, StateDir, "0.part"))
		if err != nil {
			t.Fatal(err)
		}
		if from = int(info.Size()); from < 64<<10 || from > len(begun) {
			t.Errorf("%d bytes are kept", from)
		}
		o = fetch(t, opts, server.url("/1"))
		expect(t, o.results[0], StatusOK, "", 1)
		if o.results[0].HTTPStatus != http.StatusPartialContent || string(o.file(t, 0)) != string(image) {
			t.Errorf("status %d, %d bytes of %d", o.results[0].HTTPStatus, o.results[0].Bytes, len(image))
		}
		asked := server.asked("/1")[1]
		checkAsked(t, asked, strong)
		if got, want := asked.Header.Get("Range"), fmt.Sprintf("bytes=%d-", from); got != want {
			t.Errorf("asked for %q, want %q", got, want)
		}
	})
}
