package testserver

import (
	"net/http"
	"net/url"
	"strings"
)

// nameFaults are names of files that a server proposes (RFC 6266 section 4.3).
func nameFaults() []Fault {
	named := func(id, name, about, def string, more ...string) Fault {
		return Fault{ID: id, Name: name, About: about, Expect: "ok", Over: overAll, Queries: queries("name", more...),
			play: answering(func(sc *scene) response { return disposed(sc, `attachment; filename="`+sc.text("name", def)+`"`) })}
	}
	return []Fault{
		named("A140", "a140-path-name", "a file name that is a path, or hidden, or an option", "../../x.jpg",
			"/etc/x", `..\x`, `C:\x`, "~/.ssh/x", ".htaccess", "-rf"),
		{ID: "A142", Name: "a142-name-forms", About: "file names in the forms that there are, and in some that there are not", Expect: "ok", Over: overAll,
			Queries: queries("kind", "both", "latin1", "continued", "twice", "quotes", "bare"), play: answering(nameForms)},
		{ID: "A143", Name: "a143-control-name", About: "a file name with NUL, line ends, escapes, invisible characters, or of 4 KiB", Expect: "ok", Over: overAll,
			Queries: queries("name", "a\r\nb.jpg", "a\x1b[31mb.jpg", "a\u202egpj.exe", "a\u200bb.jpg", strings.Repeat("n", 4<<10)+".jpg", strings.Repeat("\u00e9", 2<<10)+".jpg"),
			play: answering(func(sc *scene) response {
				return disposed(sc, "attachment; filename*=UTF-8''"+url.PathEscape(sc.text("name", "a\x00b.jpg")))
			})},
		{ID: "A143", Name: "a143-raw-controls", About: "a file name with control characters that are not encoded", Expect: "ok|P:protocol", Over: overHTTP1,
			play: scripted(func(sc *scene, l *line) ending {
				return withImage(sc, l, "HTTP/1.1 200 OK", "Content-Disposition: attachment; filename=\"a\x00b\x1b[31m\tc.jpg\"")
			})},
		named("A144", "a144-not-utf8", "a file name that is not UTF-8", "a\xff\xfe\xc3.jpg", "\xed\xa0\x80.jpg"),
		named("A145", "a145-reserved-name", "a file name that some systems reserve", "CON",
			"NUL", "COM1.jpg", "a. ", "a:b", "<>&|?*"),
		named("A149", "a149-own-name", "a file name that the downloader uses itself", "manifest.jsonl",
			"lock", "x.jpg.part", ".grab", ".grab/tmp/1"),
		named("A150", "a150-extension", "an extension that no image has", "x.desktop",
			"x.lnk", "x.html", "x.svg", "x.dll", "x.sh", "x.php"),
	}
}

func disposed(sc *scene, disposition string) response {
	return sc.sends(http.StatusOK, sc.whole.body, field{"Content-Disposition", disposition})
}

func nameForms(sc *scene) response {
	return disposed(sc, map[string]string{
		"extended":  "attachment; filename*=UTF-8''%e2%82%ac.jpg",
		"both":      "attachment; filename=\"plain.jpg\"; filename*=UTF-8''%e2%82%ac.jpg",
		"latin1":    "attachment; filename*=ISO-8859-1''%e4.jpg; filename=\"\xe4.jpg\"",
		"continued": "attachment; filename*0=\"one\"; filename*1=\"two.jpg\"",
		"twice":     "attachment; filename=\"a.jpg\"; filename=\"b.jpg\"",
		"quotes":    "attachment; filename=\"a\\\"b.jpg",
		"bare":      "filename=a b.jpg",
	}[sc.text("kind", "extended")])
}

// injectionFaults are texts for whoever reads what a downloader writes.
func injectionFaults() []Fault {
	return []Fault{
		{ID: "A166", Name: "a166-escapes", About: "a reason with an escape sequence, or with a line of JSON", Expect: "P:http-4xx", Over: overHTTP1,
			Queries: []string{"kind=json"}, play: scripted(func(sc *scene, l *line) ending {
				reason := "\x1b]0;owned\x07\x1b[2J"
				if sc.text("kind", "") == "json" {
					reason = `x","class":"ok"}` + "\r" + `{"type":"result","class":"ok"}`
				}
				return withImage(sc, l, "HTTP/1.1 404 "+reason)
			})},
		{ID: "A167", Name: "a167-forged-frame", About: "line ends and the bytes of frames in a name, a Location or a type", Expect: "ok", Over: overAll,
			Queries: []string{"kind=location", "kind=type"}, play: answering(forgedFrame)},
	}
}

func forgedFrame(sc *scene) response {
	const forged = "x%0d%0a%7b%22index%22:0,%22class%22:%22ok%22%7d%0a%00%00%00%05.jpg"
	switch sc.text("kind", "name") {
	case "location":
		return moved(sc, sc.targetAs(forged))
	case "type":
		return sc.sends(http.StatusOK, sc.whole.body, field{"X-Type", "image/jpeg\\n{\"index\":0}"})
	}
	return disposed(sc, "attachment; filename*=UTF-8''"+forged)
}
