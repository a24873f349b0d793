package testserver

import (
	"fmt"
	"strings"
)

// lengthFaults are lengths and transfer codings that contradict each other or
// are no such thing (RFC 9112 sections 6.1 and 6.3).
func lengthFaults() []Fault {
	return []Fault{
		{ID: "A10", Name: "a10-two-lengths", About: "two different Content-Length fields", Expect: "P:protocol", Over: overHTTP1,
			Queries: []string{"kind=list"}, play: scripted(twoLengths)},
		{ID: "A11", Name: "a11-length-twice", About: "the same Content-Length twice in one field", Expect: "ok|P:protocol", Over: overHTTP1,
			Queries: []string{"kind=fields"}, play: scripted(lengthTwice)},
		{ID: "A12", Name: "a12-bad-length", About: "Content-Length that is negative, or no number", Expect: "P:protocol", Over: overHTTP1,
			Queries: []string{"kind=plus", "kind=underscore", "kind=empty", "kind=overflow", "kind=hex", "kind=words"}, play: scripted(badLength)},
		{ID: "A13", Name: "a13-length-and-chunks", About: "a Content-Length that is too small, and chunks", Expect: "ok|P:protocol", Over: overHTTP1,
			play: scripted(func(sc *scene, l *line) ending {
				chunked(sc, l, sc.data(), fmt.Sprintf("Content-Length: %d", sc.cut()))
				l.raw("0\r\n\r\n")
				return endClose
			})},
		{ID: "A14", Name: "a14-bad-coding", About: "a Transfer-Encoding that is not chunked alone", Expect: "P:protocol", Over: overHTTP1,
			Queries: []string{"kind=twice", "kind=unknown", "kind=identity"}, play: scripted(badCoding)},
	}
}

func twoLengths(sc *scene, l *line) ending {
	data := sc.data()
	if sc.text("kind", "") == "list" {
		l.ok(sc, fmt.Sprintf("Content-Length: %d, %d", len(data), sc.cut()))
	} else {
		l.ok(sc, fmt.Sprintf("Content-Length: %d", sc.cut()), fmt.Sprintf("Content-Length: %d", len(data)))
	}
	l.Write(data)
	return endClose
}

func lengthTwice(sc *scene, l *line) ending {
	data := sc.data()
	if sc.text("kind", "") == "fields" {
		one := fmt.Sprintf("Content-Length: %d", len(data))
		l.ok(sc, one, one)
	} else {
		l.ok(sc, fmt.Sprintf("Content-Length: %d, %d", len(data), len(data)))
	}
	l.Write(data)
	return endClose
}

func badLength(sc *scene, l *line) ending {
	data := sc.data()
	value := map[string]string{
		"negative":   "-1",
		"plus":       fmt.Sprintf("+%d", len(data)),
		"underscore": "1_0",
		"empty":      "",
		"overflow":   "18446744073709551616",
		"hex":        fmt.Sprintf("0x%x", len(data)),
		"words":      "ten",
	}[sc.text("kind", "negative")]
	l.ok(sc, "Content-Length: "+value)
	l.Write(data)
	return endClose
}

func badCoding(sc *scene, l *line) ending {
	value := map[string]string{
		"gzip":     "gzip, chunked",
		"twice":    "chunked, chunked",
		"unknown":  "xchunked",
		"identity": "identity",
	}[sc.text("kind", "gzip")]
	l.ok(sc, "Transfer-Encoding: "+value)
	data := sc.data()
	if strings.HasPrefix(value, "x") || value == "identity" {
		l.Write(data)
		return endClose
	}
	l.raw(fmt.Sprintf("%x\r\n", len(data)))
	l.Write(data)
	l.raw("\r\n0\r\n\r\n")
	return endClose
}
