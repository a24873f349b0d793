// Package list reads lists of image URLs.
package list

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"

	"grab/downloader"
	"grab/downloader/internal/sanitize"
	"grab/downloader/internal/weburl"
	"grab/downloader/list/internal/entry"
	"grab/downloader/list/internal/plain"
)

// List is one list of URLs, or a single URL.
type List struct {
	Name string    // for messages
	URL  string    // the only entry, if Body is nil
	Body io.Reader // the list, which may be compressed; read once, and no further than the entries are used

	Format    Format // empty: told by the name and the content
	URLColumn string // of a table: the name or the number of the column of the URLs; empty: it is guessed

	Fetched map[string]string // for [Open] and [Count]: the files that have the lists at these URLs
	file    string            // the name of the file that Body reads, of which a read does not wait; empty: it is none

	Cleaned func(item downloader.Item, what string) // hears what was taken off an entry; nil: nobody does
	Chosen  func(list, column string)               // hears which column the URLs are in; nil: nobody does

	Begin func(Form)                   // hears how each list is written, before its entries; nil: nobody does
	Row   func(index int, text []byte) // hears the text of an entry, in the form that Begin heard, before the entry is used; nil: nobody does
}

// Read returns the entries of the lists in their order, as one Source that can be
// read once. A line of a text list is an entry unless it is blank or its first character is '#'.
// Lines end in LF or CRLF, or where the list ends. White space and invisible characters
// around a URL are ignored, and so are the quotes, angle brackets and &amp; of the page
// that it was copied from.
func Read(lists ...List) downloader.Source {
	return func(yield func(downloader.Item, error) bool) {
		index := 0
		for _, list := range lists {
			if list.Body == nil {
				list.begin(Form{Format: Text})
				text, invisible := entry.Trim([]byte(list.URL))
				if !yield(list.entry(index, row{text: text, invisible: invisible})) {
					return
				}
				index++
				continue
			}
			err := list.eachRow(false, func(r row) bool {
				if list.Row != nil && len(r.own) > 0 {
					list.Row(index, r.own)
				}
				more := yield(list.entry(index, r))
				index++
				return more
			})
			if errors.Is(err, errStopped) || errors.Is(err, errInterrupted) {
				return
			}
			if err != nil {
				yield(downloader.Item{}, fmt.Errorf("list %s: %w", list.Name, err))
				return
			}
		}
	}
}

func (l *List) begin(f Form) {
	if l.Begin != nil {
		l.Begin(f)
	}
}

// Count counts the entries that [Read] would find in the list. An entry that cannot be
// fetched counts as well.
func (l List) Count() (int, error) {
	n := 0
	err := l.eachRow(true, func(row) bool { n++; return true })
	return n, err
}

// eachRow calls do with each entry of the list. If do returns false, eachRow returns
// errStopped.
func (l *List) eachRow(counting bool, do func(row) bool) error {
	p := pass{column: l.URLColumn, counting: counting, copying: l.Begin != nil && !counting, do: do}
	p.chosen = func(column string) {
		if l.Chosen != nil && l.URLColumn == "" && !counting {
			l.Chosen(l.Name, column)
		}
	}
	p.begin = func(f Form) {
		if !counting {
			l.begin(f)
		}
	}
	in := bufio.NewReaderSize(l.Body, downloader.MaxURL+2)
	if l.file != "" && plain.Begins(in, "PAR1") {
		return eachParquet(l.file, p)
	}
	in, done, err := plain.Unpack(in)
	if err != nil {
		return err
	}
	defer done()
	if err := plain.NotText(plain.FirstLine(in)); err != nil {
		return err
	}
	format := l.Format
	if format == "" {
		format = formatOf(l.Name, plain.FirstLine(in))
		if format == Text && isAria2(l.start(in)) {
			format = Aria2
		}
	}
	switch format {
	case CSV, TSV:
		err = eachRecord(in, format, p)
	case JSONL:
		err = eachObject(in, p)
	case Aria2:
		err = eachAria2(in, p)
	default:
		p.begin(Form{Format: Text})
		err = eachEntry(in, do)
	}
	return err
}

// start returns what is there of a list without reading it: of a file all that has room in the
// buffer, and of a stream, which may bring no more for long, the first line.
func (l *List) start(in *bufio.Reader) []byte {
	if l.file == "" {
		return plain.FirstLine(in)
	}
	have, _ := in.Peek(in.Size())
	return have
}

// eachEntry calls do with each entry of a text list. The buffer of lines has room for the
// longest line.
func eachEntry(lines *bufio.Reader, do func(row) bool) error {
	for line := 1; ; line++ {
		text, err := lines.ReadSlice('\n')
		long := errors.Is(err, bufio.ErrBufferFull)
		if err != nil && err != io.EOF && !long {
			return err // what was read of the line is not an entry
		}
		if long {
			text = text[:downloader.MaxURL+1]
		}
		if line == 1 {
			text = bytes.TrimPrefix(text, []byte("\xef\xbb\xbf"))
		}
		invisible := rune(0)
		if !long {
			text, invisible = entry.Trim(text)
		}
		if len(text) > 0 && text[0] != '#' && !do(row{line: line, text: text, invisible: invisible}) {
			return errStopped
		}
		for errors.Is(err, bufio.ErrBufferFull) {
			_, err = lines.ReadSlice('\n')
		}
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
	}
}

func (l *List) entry(index int, r row) (downloader.Item, error) {
	item := downloader.Item{Index: index, Line: r.line, URL: string(r.text), Fields: r.fields, WantSHA256: r.sha256}
	refuse := func(reason string) (downloader.Item, error) {
		item.URL = sanitize.Text(sanitize.Entry(item.URL), sanitize.MaxURL)
		return item, &downloader.Error{Class: downloader.ClassURL, Op: "parse", Reason: reason}
	}
	if r.bad != "" {
		return refuse(r.bad)
	}
	item.Ask = r.ask(item.URL, func(what string) {
		if l.Cleaned != nil {
			l.Cleaned(item, what)
		}
	})
	if len(r.text) > downloader.MaxURL {
		what := "line"
		if weburl.IsData(item.URL) {
			what = "data: URL"
		}
		return refuse(fmt.Sprintf("%s longer than %d bytes", what, downloader.MaxURL))
	}
	taken := r.ignored
	if r.invisible != 0 {
		taken = append(taken, "a "+entry.Describe(r.invisible))
	}
	if !entry.IsPlain(item.URL) {
		var what []string
		item.URL, what = entry.Clean(item.URL)
		taken = append(taken, what...)
		if reason := entry.Examine(item.URL); reason != "" {
			if item.Ask == nil || len(item.Ask.Mirrors) == 0 {
				return refuse(reason)
			}
			item.URL, item.Ask.Mirrors = item.Ask.Mirrors[0], item.Ask.Mirrors[1:]
		}
	}
	if len(taken) > 0 && l.Cleaned != nil {
		l.Cleaned(item, strings.Join(taken, ", "))
	}
	return item, nil
}

// Generate returns a list of n URLs, each of which url makes of its index.
func Generate(n int, url func(index int) string) downloader.Source {
	return func(yield func(downloader.Item, error) bool) {
		for i := range n {
			if !yield(downloader.Item{Index: i, Line: i + 1, URL: url(i)}, nil) {
				return
			}
		}
	}
}
