package faults

import (
	"net/http"
	"net/url"
	"strings"

	"grab/testserver/fault"
	"grab/testserver/outlet"
	"grab/testserver/reply"
)

// nameFaults are file names that a server proposes (RFC 6266 section 4.3).
func nameFaults() []fault.Fault {
	named := func(id, name, about, def string, more ...string) fault.Fault {
		return fault.Fault{
			ID: id, Name: name, Over: fault.OverAll, Expect: "ok",
			About:   about,
			Queries: fault.Queries("name", more...),
			Play: fault.WithReply(func(req *fault.Request) reply.Response {
				return disposed(req, `attachment; filename="`+req.Text("name", def)+`"`)
			}),
		}
	}
	return []fault.Fault{
		named("A140", "a140-path-name", "a file name that is a path, or hidden, or an option",
			"../../x.jpg", "/etc/x", `..\x`, `C:\x`, "~/.ssh/x", ".htaccess", "-rf"),
		{
			ID: "A142", Name: "a142-name-forms", Over: fault.OverAll, Expect: "ok",
			About: "file names in every form of the standard, and in malformed ones",
			Queries: fault.Queries(
				"kind", "both", "latin1", "continued", "twice", "quotes", "bare",
			),
			Play: fault.WithReply(nameForms),
		},
		{
			ID: "A143", Name: "a143-control-name", Over: fault.OverAll, Expect: "ok",
			About: "a file name with NUL, line ends, escapes, invisible characters, or of 4 KiB",
			Queries: fault.Queries(
				"name", "a\r\nb.jpg", "a\x1b[31mb.jpg", "a\u202egpj.exe", "a\u200bb.jpg",
				strings.Repeat("n", 4<<10)+".jpg",
				strings.Repeat("\u00e9", 2<<10)+".jpg",
			),
			Play: fault.WithReply(func(req *fault.Request) reply.Response {
				return disposed(
					req,
					"attachment; filename*=UTF-8''"+url.PathEscape(req.Text("name", "a\x00b.jpg")),
				)
			}),
		},
		{
			ID: "A143", Name: "a143-raw-controls", Over: fault.OverHTTP1, Expect: "ok|P:protocol",
			About: "a file name with control characters that are not encoded",
			Play: fault.WithConn(func(req *fault.Request, c *outlet.Conn) outlet.Ending {
				return withImage(
					req, c, "HTTP/1.1 200 OK",
					"Content-Disposition: attachment; filename=\"a\x00b\x1b[31m\tc.jpg\"",
				)
			}),
		},
		named(
			"A144", "a144-not-utf8", "a file name that is not UTF-8",
			"a\xff\xfe\xc3.jpg", "\xed\xa0\x80.jpg",
		),
		named("A145", "a145-reserved-name", "a file name that some systems reserve", "CON",
			"NUL", "COM1.jpg", "a. ", "a:b", "<>&|?*"),
		named("A149", "a149-own-name", "a file name that the downloader uses itself", "manifest.jsonl",
			"lock", "x.jpg.part", ".grab", ".grab/tmp/1"),
		named("A150", "a150-extension", "an extension that no image has", "x.desktop",
			"x.lnk", "x.html", "x.svg", "x.dll", "x.sh", "x.php"),
	}
}

func disposed(req *fault.Request, disposition string) reply.Response {
	return req.Reply(
		http.StatusOK, req.Whole.Body, reply.Header("Content-Disposition", disposition),
	)
}

func nameForms(req *fault.Request) reply.Response {
	return disposed(req, map[string]string{
		"extended":  "attachment; filename*=UTF-8''%e2%82%ac.jpg",
		"both":      "attachment; filename=\"plain.jpg\"; filename*=UTF-8''%e2%82%ac.jpg",
		"latin1":    "attachment; filename*=ISO-8859-1''%e4.jpg; filename=\"\xe4.jpg\"",
		"continued": "attachment; filename*0=\"one\"; filename*1=\"two.jpg\"",
		"twice":     "attachment; filename=\"a.jpg\"; filename=\"b.jpg\"",
		"quotes":    "attachment; filename=\"a\\\"b.jpg",
		"bare":      "filename=a b.jpg",
	}[req.Text("kind", "extended")])
}

// injectionFaults are texts that attack the readers of a downloader's output.
func injectionFaults() []fault.Fault {
	return []fault.Fault{
		{
			ID: "A166", Name: "a166-escapes", Over: fault.OverHTTP1, Expect: "P:http-4xx",
			About:   "a reason with an escape sequence, or with a line of JSON",
			Queries: []string{"kind=json"},
			Play: fault.WithConn(func(req *fault.Request, c *outlet.Conn) outlet.Ending {
				reason := "\x1b]0;owned\x07\x1b[2J"
				if req.Text("kind", "") == "json" {
					reason = `x","class":"ok"}` + "\r" + `{"type":"result","class":"ok"}`
				}
				return withImage(req, c, "HTTP/1.1 404 "+reason)
			}),
		},
		{
			ID: "A167", Name: "a167-forged-frame", Over: fault.OverAll, Expect: "ok",
			About:   "line ends and the bytes of frames in a name, a Location or a type",
			Queries: []string{"kind=location", "kind=type"},
			Play:    fault.WithReply(forgedFrame),
		},
	}
}

func forgedFrame(req *fault.Request) reply.Response {
	const forged = "x%0d%0a%7b%22index%22:0,%22class%22:%22ok%22%7d%0a%00%00%00%05.jpg"
	switch req.Text("kind", "name") {
	case "location":
		return moved(req, targetAs(req, forged))
	case "type":
		return req.Reply(
			http.StatusOK, req.Whole.Body, reply.Header("X-Type", "image/jpeg\\n{\"index\":0}"),
		)
	}
	return disposed(req, "attachment; filename*=UTF-8''"+forged)
}
