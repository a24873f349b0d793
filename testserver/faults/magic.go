package faults

import (
	"net/http"
	"strings"

	"grab/testserver/fault"
	"grab/testserver/reply"
)

// magicFaults are files of other formats, as small as their first bytes allow a client
// to recognise them.
func magicFaults() []fault.Fault {
	return []fault.Fault{
		{
			ID: "A136", Name: "a136-other-image", Over: fault.OverAll, Expect: "ok|P:not-image",
			About: "an image of another format: AVIF, HEIC, JXL, WebP, BMP, TIFF, ICO or PSD",
			Queries: []string{
				"kind=heic", "kind=jxl", "kind=webp", "kind=bmp", "kind=tiff", "kind=ico", "kind=psd",
			},
			Play: fault.WithReply(func(req *fault.Request) reply.Response {
				return specimen(req.Text("kind", "avif"))
			}),
		},
		{
			ID: "A136", Name: "a136-no-image", Over: fault.OverAll, Expect: "P:not-image",
			About:   "a file that is no image: PDF or MP4",
			Queries: []string{"kind=mp4"},
			Play: fault.WithReply(func(req *fault.Request) reply.Response {
				return specimen(req.Text("kind", "pdf"))
			}),
		},
	}
}

// specimen answers with a small file of a format.
func specimen(kind string) reply.Response {
	found := map[string]struct {
		contentType string
		data        []byte
	}{
		"avif": {"image/avif", box("ftyp", "avif\x00\x00\x00\x00mif1avif")},
		"heic": {"image/heic", box("ftyp", "heic\x00\x00\x00\x00mif1heic")},
		"mp4":  {"video/mp4", box("ftyp", "isom\x00\x00\x02\x00isommp42")},
		"jxl":  {"image/jxl", []byte("\xff\x0a\x00\x10\xb0\x13\x08\x00")},
		"webp": {"image/webp", webP()},
		"bmp":  {"image/bmp", append(bmpOf(1, 1), 0xff, 0xff, 0xff, 0)},
		"tiff": {"image/tiff", tiff()},
		"ico":  {"image/x-icon", ico()},
		"psd": {
			"image/vnd.adobe.photoshop",
			[]byte("8BPS\x00\x01\x00\x00\x00\x00\x00\x00\x00\x01" +
				"\x00\x00\x00\x01\x00\x00\x00\x01\x00\x08\x00\x01" + strings.Repeat("\x00", 15)),
		},
		"pdf": {
			"application/pdf",
			[]byte("%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"),
		},
	}[kind]
	if found.data == nil {
		return reply.BadRequest("unknown kind")
	}
	return reply.Content(http.StatusOK, found.contentType, found.data)
}
