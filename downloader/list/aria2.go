package list

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"net/http"
	"strings"

	"golang.org/x/net/http/httpguts"

	"grab/downloader"
	"grab/downloader/list/internal/entry"
	"grab/downloader/list/internal/plain"
)

// eachAria2 calls p.do with each entry of a list in the input form of aria2: a line of URLs,
// separated by tabs, and its options on indented lines after it.
func eachAria2(in *bufio.Reader, p pass) error {
	_, _ = plain.SkipMark(in)
	p.begin(Form{Format: Aria2})
	a := aria2{copying: p.copying}
	for line := 1; ; line++ {
		text, long, readErr := plain.ReadLine(in, maxRecord)
		if readErr != nil && readErr != io.EOF {
			return readErr
		}
		if !a.line(line, text, long, p.do) || readErr == io.EOF && !a.flush(p.do) {
			return errStopped
		}
		if readErr == io.EOF {
			return nil
		}
	}
}

// aria2 is the entry whose options are being read.
type aria2 struct {
	row     row
	open    bool
	size    int // of its options
	copying bool
	own     []byte // its lines
	url     []byte // a buffer
}

// line takes a line. It returns false if do did.
func (a *aria2) line(line int, text []byte, long bool, do func(row) bool) bool {
	indented := len(text) > 0 && (text[0] == ' ' || text[0] == '\t')
	text = bytes.TrimSpace(text)
	switch {
	case long:
		ok := a.flush(do)
		a.row, a.open, a.size, a.own = row{line: line, bad: fmt.Sprintf("a line longer than %d bytes", maxRecord)}, true, 0, a.own[:0]
		return ok
	case len(text) == 0, text[0] == '#':
		return true
	case indented && !a.open:
		return do(row{line: line, bad: "an option of aria2 before the first URL"})
	case indented:
		a.option(string(text))
		a.keep(" ", text)
		return true
	}
	ok := a.flush(do)
	a.size, a.own = 0, a.own[:0]
	a.keep("", text)
	first, rest, _ := strings.Cut(string(text), "\t")
	a.row, a.open = row{line: line}, true
	for mirror := range strings.SplitSeq(rest, "\t") {
		a.row.addMirror(mirror)
	}
	a.url = a.row.setURL(a.url, first, "")
	return ok
}

// keep keeps a line of the entry.
func (a *aria2) keep(indent string, text []byte) {
	if a.copying && a.size <= maxRecord {
		a.own = append(append(append(a.own, indent...), text...), '\n')
	}
}

// flush passes on the entry that is complete.
func (a *aria2) flush(do func(row) bool) bool {
	if !a.open {
		return true
	}
	a.open, a.row.own = false, a.own
	return do(a.row)
}

// option takes an option of the entry. Those that say how aria2 is to work are left out.
func (a *aria2) option(text string) {
	if a.size += len(text); a.size > maxRecord {
		a.row.bad = fmt.Sprintf("options longer than %d bytes", maxRecord)
		return
	}
	name, value, _ := strings.Cut(text, "=")
	switch name {
	case "out":
		a.row.setFields(downloader.AppendField(nil, "filename", value))
	case "referer":
		a.header("Referer", value)
	case "user-agent":
		a.header("User-Agent", value)
	case "header":
		name, value, found := strings.Cut(value, ":")
		if !found {
			a.row.bad = "the option header is not written header=Name: value"
			return
		}
		a.header(name, value)
	case "checksum":
		if kind, sum, _ := strings.Cut(value, "="); kind == "sha-256" {
			a.row.setSum(sum)
			return
		}
		fallthrough
	default:
		a.row.ignored = append(a.row.ignored, "the option "+shown(name))
	}
}

func (a *aria2) header(name, value string) {
	value = strings.TrimSpace(value)
	if !httpguts.ValidHeaderFieldName(name) || !httpguts.ValidHeaderFieldValue(value) || len(value) > downloader.MaxURL {
		a.row.bad = "not a header: " + shown(name)
		return
	}
	if a.row.header == nil {
		a.row.header = http.Header{}
	}
	a.row.header.Add(name, value)
}

// isAria2 reports whether the beginning of a list is in the form of aria2: an entry has further
// URLs after tabs, or an option on the next line, and all before it are URLs.
func isAria2(start []byte) bool {
	seen := false
	for line := range bytes.Lines(bytes.TrimPrefix(start, []byte("\xef\xbb\xbf"))) {
		text := bytes.TrimSpace(line)
		if len(text) == 0 || text[0] == '#' {
			continue
		}
		if seen && (line[0] == ' ' || line[0] == '\t') && entry.IsOption(string(text)) {
			return true
		}
		cells := strings.Split(string(text), "\t")
		for _, cell := range cells {
			if !entry.HasScheme(cell) {
				return false
			}
		}
		if len(cells) > 1 {
			return true
		}
		seen = true
	}
	return false
}
