package testserver

import (
	"bytes"
	"encoding/binary"
	"net/http"
	"strings"
)

// typeFaults are bodies that are not what the URL or the header promises.
func typeFaults() []Fault {
	return []Fault{
		{ID: "A125", Name: "a125-html", About: "200 and an error page, said to be HTML or a JPEG", Expect: "P:not-image", Over: overAll,
			Queries: queries("type", "image/jpeg"), play: answering(func(sc *scene) response {
				return content(http.StatusOK, sc.text("type", "text/html"), []byte("<!DOCTYPE html>\n<title>Oops</title>\n<h1>Not found</h1>\n"))
			})},
		{ID: "A126", Name: "a126-png-as-jpg", About: "a PNG at the URL of a JPEG, with no type or a wrong one", Expect: "ok", Over: overAll,
			Queries: queries("type", "text/plain", "application/octet-stream", "image/jpeg"), play: answering(pngInstead)},
		{ID: "A130", Name: "a130-svg", About: "SVG with a script, an outside entity, or a billion laughs", Expect: "ok|P:not-image", Over: overAll,
			Queries: []string{"kind=xxe", "kind=laughs"}, play: answering(func(sc *scene) response {
				return content(http.StatusOK, "image/svg+xml", []byte(svg(sc.text("kind", "script"))))
			})},
		{ID: "A163", Name: "a163-portal", About: "a captive portal: its page for every image", Expect: "P:not-image", Over: overAll,
			play: answering(func(*scene) response {
				return page("<!DOCTYPE html><title>Welcome to our Wi-Fi</title><form action=/login method=post><button>Accept</button></form>")
			})},
	}
}

// pngInstead is a PNG: the image whose URI ends in .png instead of .jpg.
func pngInstead(sc *scene) response {
	r := complete(sc.other(strings.Replace(sc.uri, ".jpg", ".png", 1)))
	r.fields = sized(r.fields, r.body)
	kept := r.fields[:0]
	for _, f := range r.fields {
		if f.key != "Content-Type" {
			kept = append(kept, f)
		}
	}
	if t := sc.text("type", ""); t != "" {
		kept = append(kept, field{"Content-Type", t})
	}
	r.fields = kept
	return r
}

func svg(kind string) string {
	const open = `<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9">`
	switch kind {
	case "xxe":
		return `<?xml version="1.0"?><!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/passwd">]>` + open + `<text>&x;</text></svg>`
	case "laughs":
		var b strings.Builder
		b.WriteString(`<?xml version="1.0"?><!DOCTYPE svg [<!ENTITY a0 "ha">`)
		for i := range 9 {
			this, last := itoa(i+1), "&a"+itoa(i)+";"
			b.WriteString(`<!ENTITY a` + this + ` "` + strings.Repeat(last, 10) + `">`)
		}
		return b.String() + `]>` + open + `<text>&a9;</text></svg>`
	}
	return open + `<script>alert(document.domain)</script></svg>`
}

// tailFaults are images that are more than an image (GIFAR).
func tailFaults() []Fault {
	tail := func(name, about, ext string, more []byte) Fault {
		return Fault{ID: "A129", Name: name, About: about, Expect: "ok", Over: overAll, play: answering(func(sc *scene) response {
			r := sc.as(ext)
			return typed(r, append(r.body.bytes(), more...))
		})}
	}
	return []Fault{
		tail("a129-jpeg-zip", "a JPEG with a ZIP archive after it", "jpg", emptyZip()),
		tail("a129-gif-js", "a GIF with JavaScript after it", "gif", []byte("*/=1;alert(1)//")),
		tail("a129-png-php", "a PNG with PHP after it", "png", []byte("<?php system($_GET['c']); ?>")),
		tail("a129-trailing", "a JPEG and bytes after its end", "jpg", bytes.Repeat([]byte("trailing"), 16)),
	}
}

// as is the same image in another format: with its extension in the URI.
func (sc *scene) as(ext string) response {
	uri := sc.uri
	for f := range formats {
		uri = strings.Replace(uri, "."+f.ext(), "."+ext, 1)
	}
	return sc.other(uri)
}

// typed is an answer with other bytes, of the same type.
func typed(r response, data []byte) response {
	b := newBody(data)
	return response{status: r.status, body: b, fields: sized(r.fields, b)}
}

// emptyZip is an archive of no files: the end of its directory alone.
func emptyZip() []byte {
	return append([]byte("PK\x05\x06"), make([]byte, 18)...)
}

// damageFaults are images that end too early or are broken inside, with a
// Content-Length that fits.
func damageFaults() []Fault {
	damage := func(id, name, about, expect, ext string, change func([]byte) []byte) Fault {
		return Fault{ID: id, Name: name, About: about, Expect: expect, Over: overAll, play: answering(func(sc *scene) response {
			r := sc.whole
			switch ext {
			case "webp":
				r = content(http.StatusOK, "image/webp", webP())
			case "":
			default:
				r = sc.as(ext)
			}
			return typed(r, change(r.body.bytes()))
		})}
	}
	const cut, corrupt = "P1:image-truncated", "P1:image-corrupt"
	const endless = corrupt + "|" + cut // without decoding it, an image that lacks its end cannot be told from one that was cut
	half := func(b []byte) []byte { return b[:len(b)/2] }
	less := func(n int) func([]byte) []byte { return func(b []byte) []byte { return b[:len(b)-n] } }
	return []Fault{
		damage("A127", "a127-image-cut", "half of the image", cut, "", half),
		damage("A127", "a127-png-cut", "half of a PNG", cut, "png", half),
		damage("A127", "a127-gif-cut", "half of a GIF", cut, "gif", half),
		damage("A127", "a127-webp-cut", "half of a WebP", cut, "webp", half),
		damage("A128", "a128-png-crc", "a PNG with a wrong checksum", corrupt, "png", func(b []byte) []byte { b[29] ^= 0xff; return b }),
		damage("A128", "a128-png-zlib", "a PNG whose data do not inflate", corrupt, "png", breakIDAT),
		damage("A128", "a128-png-no-end", "a PNG without IEND", endless, "png", less(12)),
		damage("A128", "a128-jpeg-no-end", "a JPEG without its end marker", endless, "jpg", less(2)),
		damage("A128", "a128-gif-no-end", "a GIF without its trailer", endless, "gif", less(1)),
		damage("A128", "a128-webp-size", "a WebP with a wrong size in its header", endless, "webp", func(b []byte) []byte {
			binary.LittleEndian.PutUint32(b[4:], uint32(len(b)+100))
			return b
		}),
		damage("A134", "a134-jpeg-scan", "a JPEG with a scan before its frame", corrupt, "jpg", func([]byte) []byte {
			return []byte("\xff\xd8\xff\xda\x00\x08\x01\x01\x00\x00\x3f\x00\x00\xff\xd9")
		}),
		damage("A134", "a134-png-no-width", "a PNG of no width", corrupt, "png", func([]byte) []byte { return pngOf(0, 9, nil) }),
		damage("A134", "a134-gif-code", "a GIF with a code size that there is not", corrupt, "gif", func([]byte) []byte {
			return []byte("GIF89a\x01\x00\x01\x00\x80\x00\x00\x00\x00\x00\xff\xff\xff,\x00\x00\x00\x00\x01\x00\x01\x00\x00\xff\x02\xff\xff\x00;")
		}),
	}
}

// breakIDAT spoils the first bytes of the data of a PNG and mends the checksum.
func breakIDAT(b []byte) []byte {
	at := bytes.Index(b, []byte("IDAT"))
	size := int(binary.BigEndian.Uint32(b[at-4:]))
	bad := append([]byte{}, b[at+4:at+4+size]...)
	copy(bad, "\xff\xff\xff\xff")
	return append(append(b[:at-4:at-4], pngChunk("IDAT", bad)...), b[at+8+size:]...)
}
