package faults

import (
	"bytes"
	"encoding/binary"
	"net/http"
	"strconv"
	"strings"

	"grab/testserver/fault"
	"grab/testserver/picture"
	"grab/testserver/reply"
)

// typeFaults are bodies that are not what the URL or the header promises.
func typeFaults() []fault.Fault {
	return []fault.Fault{
		{
			ID: "A125", Name: "a125-html", Over: fault.OverAll, Expect: "P:not-image",
			About:   "200 and an error page, said to be HTML or a JPEG",
			Queries: fault.Queries("type", "image/jpeg"),
			Play: fault.WithReply(func(req *fault.Request) reply.Response {
				return reply.Content(
					http.StatusOK, req.Text("type", "text/html"),
					[]byte("<!DOCTYPE html>\n<title>Oops</title>\n<h1>Not found</h1>\n"),
				)
			}),
		},
		{
			ID: "A126", Name: "a126-png-as-jpg", Over: fault.OverAll, Expect: "ok",
			About:   "a PNG at the URL of a JPEG, with no type or a wrong one",
			Queries: fault.Queries("type", "text/plain", "application/octet-stream", "image/jpeg"),
			Play:    fault.WithReply(pngInstead),
		},
		{
			ID: "A130", Name: "a130-svg", Over: fault.OverAll, Expect: "ok|P:not-image",
			About:   "SVG with a script, an external entity, or a billion laughs",
			Queries: []string{"kind=xxe", "kind=laughs"},
			Play: fault.WithReply(func(req *fault.Request) reply.Response {
				return reply.Content(
					http.StatusOK, "image/svg+xml", []byte(svg(req.Text("kind", "script"))),
				)
			}),
		},
		{
			ID: "A163", Name: "a163-portal", Over: fault.OverAll, Expect: "P:not-image",
			About: "a captive portal: its page for every image",
			Play: fault.WithReply(func(*fault.Request) reply.Response {
				return reply.HTML("<!DOCTYPE html><title>Welcome to our Wi-Fi</title>" +
					"<form action=/login method=post><button>Accept</button></form>")
			}),
		},
	}
}

// pngInstead returns a PNG: the image whose URI ends in .png instead of .jpg.
func pngInstead(req *fault.Request) reply.Response {
	r := complete(req.Other(strings.Replace(req.URI, ".jpg", ".png", 1)))
	r.Fields = reply.Sized(r.Fields, r.Body)
	kept := r.Fields[:0]
	for _, f := range r.Fields {
		if f.Key != "Content-Type" {
			kept = append(kept, f)
		}
	}
	if t := req.Text("type", ""); t != "" {
		kept = append(kept, reply.Header("Content-Type", t))
	}
	r.Fields = kept
	return r
}

func svg(kind string) string {
	const open = `<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9">`
	switch kind {
	case "xxe":
		const entity = `<!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/passwd">]>`
		return `<?xml version="1.0"?>` + entity + open + `<text>&x;</text></svg>`
	case "laughs":
		var b strings.Builder
		b.WriteString(`<?xml version="1.0"?><!DOCTYPE svg [<!ENTITY a0 "ha">`)
		for i := range 9 {
			this, last := strconv.Itoa(i+1), "&a"+strconv.Itoa(i)+";"
			b.WriteString(`<!ENTITY a` + this + ` "` + strings.Repeat(last, 10) + `">`)
		}
		return b.String() + `]>` + open + `<text>&a9;</text></svg>`
	}
	return open + `<script>alert(document.domain)</script></svg>`
}

// tailFaults are images with something else after their end, such as GIFAR files.
func tailFaults() []fault.Fault {
	tail := func(name, about, ext string, more []byte) fault.Fault {
		return fault.Fault{
			ID: "A129", Name: name, Over: fault.OverAll, Expect: "ok",
			About: about,
			Play: fault.WithReply(func(req *fault.Request) reply.Response {
				r := as(req, ext)
				return typed(r, append(r.Body.Bytes(), more...))
			}),
		}
	}
	return []fault.Fault{
		tail("a129-jpeg-zip", "a JPEG with a ZIP archive after it",
			"jpg", emptyZip()),
		tail("a129-gif-js", "a GIF with JavaScript after it",
			"gif", []byte("*/=1;alert(1)//")),
		tail("a129-png-php", "a PNG with PHP after it",
			"png",
			[]byte("<?php system($_GET['c']); ?>")),
		tail("a129-trailing", "a JPEG and bytes after its end",
			"jpg",
			bytes.Repeat([]byte("trailing"), 16)),
	}
}

// emptyZip returns an archive without files: only the end of its directory.
func emptyZip() []byte {
	return append([]byte("PK\x05\x06"), make([]byte, 18)...)
}

// damageFaults are images that end too early or are broken inside. Their
// Content-Length is right.
func damageFaults() []fault.Fault {
	damage := func(id, name, about, expect, ext string, change func([]byte) []byte) fault.Fault {
		return fault.Fault{
			ID: id, Name: name, Over: fault.OverAll, Expect: expect,
			About: about,
			Play: fault.WithReply(func(req *fault.Request) reply.Response {
				r := req.Whole
				switch ext {
				case "webp":
					r = reply.Content(http.StatusOK, "image/webp", webP())
				case "":
				default:
					r = as(req, ext)
				}
				return typed(r, change(r.Body.Bytes()))
			}),
		}
	}
	const cut, corrupt = "P1:image-truncated", "P1:image-corrupt"
	// Without decoding, an image that lacks its end looks like one that was cut.
	const endless = corrupt + "|" + cut
	half := func(b []byte) []byte { return b[:len(b)/2] }
	less := func(n int) func([]byte) []byte { return func(b []byte) []byte { return b[:len(b)-n] } }
	return []fault.Fault{
		damage("A127", "a127-image-cut", "half of the image",
			cut, "", half),
		damage("A127", "a127-png-cut", "half of a PNG",
			cut, "png", half),
		damage("A127", "a127-gif-cut", "half of a GIF",
			cut, "gif", half),
		damage("A127", "a127-webp-cut", "half of a WebP",
			cut, "webp", half),
		damage("A128", "a128-png-crc", "a PNG with a wrong checksum",
			corrupt, "png", func(b []byte) []byte {
				b[29] ^= 0xff
				return b
			}),
		damage("A128", "a128-png-zlib", "a PNG whose data do not inflate",
			corrupt, "png",
			breakIDAT),
		damage("A128", "a128-png-no-end", "a PNG without IEND",
			endless, "png", less(12)),
		damage("A128", "a128-jpeg-no-end", "a JPEG without its end marker",
			endless, "jpg",
			less(2)),
		damage("A128", "a128-gif-no-end", "a GIF without its trailer, which decoders do not need",
			"ok", "gif", less(1)),
		damage("A128", "a128-webp-size", "a WebP with a wrong size in its header",
			endless, "webp", func(b []byte) []byte {
				binary.LittleEndian.PutUint32(b[4:], uint32(len(b)+100))
				return b
			}),
		damage("A134", "a134-jpeg-scan", "a JPEG with a scan before its frame",
			corrupt, "jpg", func([]byte) []byte {
				return []byte("\xff\xd8\xff\xda\x00\x08\x01\x01\x00\x00\x3f\x00\x00\xff\xd9")
			}),
		damage("A134", "a134-png-no-width", "a PNG of no width",
			corrupt, "png", func([]byte) []byte {
				return pngOf(0, 9, nil)
			}),
		damage("A134", "a134-gif-code", "a GIF with an impossible code size",
			corrupt, "gif", func([]byte) []byte {
				return []byte("GIF89a\x01\x00\x01\x00\x80\x00\x00\x00\x00\x00\xff\xff\xff" +
					",\x00\x00\x00\x00\x01\x00\x01\x00\x00\xff\x02\xff\xff\x00;")
			}),
	}
}

// breakIDAT overwrites the first bytes of the data of a PNG, and corrects the checksum.
func breakIDAT(b []byte) []byte {
	at := bytes.Index(b, []byte("IDAT"))
	size := int(binary.BigEndian.Uint32(b[at-4:]))
	bad := append([]byte{}, b[at+4:at+4+size]...)
	copy(bad, "\xff\xff\xff\xff")
	return append(append(b[:at-4:at-4], picture.PNGChunk("IDAT", bad)...), b[at+8+size:]...)
}
