package testserver

import (
	"fmt"
	"strings"
)

// statusLineFaults are status lines that are none (RFC 9112 section 4).
func statusLineFaults() []Fault {
	return []Fault{
		{ID: "A20", Name: "a20-status-line", About: "a status line with no proper status", Expect: "P:protocol", Over: overHTTP1,
			Queries: []string{"kind=1000", "kind=letters", "kind=long"}, play: scripted(statusLine)},
		{ID: "A20", Name: "a20-status-999", About: "a status that only LinkedIn knows", Expect: "P:http-4xx", Over: overHTTP1,
			play: scripted(func(sc *scene, l *line) ending { return withImage(sc, l, "HTTP/1.1 999 Request denied") })},
		{ID: "A20", Name: "a20-no-reason", About: "a status without a reason", Expect: "ok|P:protocol", Over: overHTTP1,
			play: scripted(func(sc *scene, l *line) ending { return withImage(sc, l, "HTTP/1.1 200") })},
		{ID: "A21", Name: "a21-empty-reply", About: "an end without a byte of an answer", Expect: "T:empty-reply", Over: overHTTP1,
			play: scripted(func(_ *scene, l *line) ending { l.planned = 0; return endClose })},
	}
}

func statusLine(sc *scene, l *line) ending {
	return withImage(sc, l, map[string]string{
		"000":     "HTTP/1.1 000 Nothing",
		"1000":    "HTTP/1.1 1000 Too Much",
		"letters": "HTTP/1.1 abc OK",
		"long":    "HTTP/1.1 418 " + strings.Repeat("very ", 8<<10/5),
	}[sc.text("kind", "000")])
}

// withImage sends the image under a status line and fields of any form.
func withImage(sc *scene, l *line, status string, fields ...string) ending {
	data := sc.data()
	for _, f := range sc.whole.fields {
		fields = append(fields, f.key+": "+f.value)
	}
	l.head(status, append(fields, fmt.Sprintf("Content-Length: %d", len(data)))...)
	l.Write(data)
	return endClose
}

// headFaults are header fields that are none, or too many (RFC 9112 section
// 5, RFC 9110 section 5.4).
func headFaults() []Fault {
	return []Fault{
		{ID: "A22", Name: "a22-odd-field", About: "a header field that is folded, or has bytes that none may have", Expect: "ok|P:protocol", Over: overHTTP1,
			Queries: []string{"kind=nul", "kind=cr", "kind=space", "kind=binary", "kind=escape"}, play: scripted(oddField)},
		{ID: "A23", Name: "a23-big-header", About: "a header of 1 MiB, of 100,000 fields, or without end", Expect: "P:protocol", Over: overHTTP1,
			Queries: []string{"kind=fields", "kind=endless", "kind=cookies"}, play: scripted(bigHeader)},
	}
}

func oddField(sc *scene, l *line) ending {
	return withImage(sc, l, "HTTP/1.1 200 OK", map[string]string{
		"folded": "X-Odd: one\r\n two\r\n\tthree",
		"nul":    "X-Odd: a\x00b",
		"cr":     "X-Odd: a\rb",
		"space":  "X-Odd : a",
		"binary": "X-Odd: \xff\xfe\x80",
		"escape": "X-Odd: \x1b]0;owned\x07\x1b[31m",
	}[sc.text("kind", "folded")])
}

func bigHeader(sc *scene, l *line) ending {
	switch sc.text("kind", "field") {
	case "fields":
		return withImage(sc, l, "HTTP/1.1 200 OK", numbered(100_000, "X-Field-%d: value")...)
	case "cookies":
		return withImage(sc, l, "HTTP/1.1 200 OK", numbered(10_000, "Set-Cookie: cookie-%d="+strings.Repeat("c", 64))...)
	case "endless":
		l.raw("HTTP/1.1 200 OK\r\n")
		return flood(l, []byte(strings.Repeat("X-Endless: and so on\r\n", 256)))
	}
	return withImage(sc, l, "HTTP/1.1 200 OK", "X-Big: "+strings.Repeat("x", 1<<20))
}

func numbered(n int, format string) []string {
	list := make([]string, n)
	for i := range list {
		list[i] = fmt.Sprintf(format, i)
	}
	return list
}
