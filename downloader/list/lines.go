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
)

// List is one list of URLs, or a single URL.
type List struct {
	Name string    // for messages
	URL  string    // the only entry, if Body is nil
	Body io.Reader // lines; read once, and no further than the entries are used

	Cleaned func(item downloader.Item, what string) // hears what was taken off an entry; nil: nobody does
}

// Read returns the entries of the lists in their order, as one Source that can be
// read once. A line is an entry unless it is blank or its first character is '#'.
// Lines end in LF or CRLF, or where the list ends. White space and invisible characters
// around a URL are ignored, and so are the quotes, angle brackets and &amp; of the page
// that it was copied from.
func Read(lists ...List) downloader.Source {
	return func(yield func(downloader.Item, error) bool) {
		index := 0
		for _, list := range lists {
			if list.Body == nil {
				text, invisible := trim([]byte(list.URL))
				if !yield(list.entry(index, 0, text, invisible)) {
					return
				}
				index++
				continue
			}
			err := eachEntry(list.Body, func(line int, text []byte, invisible rune) bool {
				more := yield(list.entry(index, line, text, invisible))
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

// CountEntries counts the entries that [Read] would find in r. An entry that is too
// long counts as well.
func CountEntries(r io.Reader) (int, error) {
	n := 0
	err := eachEntry(r, func(int, []byte, rune) bool { n++; return true })
	return n, err
}

var (
	errStopped     = errors.New("stopped by the reader")
	errInterrupted = errors.New("interrupted") // ends a list quietly
)

// eachEntry calls do with the line number and text of each entry, and an invisible
// character that was around it, if any. The text is cut one byte past
// [downloader.MaxURL], and valid until do returns. If do returns false, eachEntry returns
// errStopped.
func eachEntry(r io.Reader, do func(line int, text []byte, invisible rune) bool) error {
	lines := bufio.NewReaderSize(r, downloader.MaxURL+2)
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
			if err := binary(text); err != nil {
				return err
			}
			text = bytes.TrimPrefix(text, []byte("\xef\xbb\xbf"))
		}
		invisible := rune(0)
		if !long {
			text, invisible = trim(text)
		}
		if len(text) > 0 && text[0] != '#' && !do(line, text, invisible) {
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

func (l *List) entry(index, line int, text []byte, invisible rune) (downloader.Item, error) {
	item := downloader.Item{Index: index, Line: line, URL: string(text)}
	refuse := func(reason string) (downloader.Item, error) {
		item.URL = sanitize.Text(sanitize.Entry(item.URL), sanitize.MaxURL)
		return item, &downloader.Error{Class: downloader.ClassURL, Op: "parse", Reason: reason}
	}
	if len(text) > downloader.MaxURL {
		what := "line"
		if weburl.IsData(item.URL) {
			what = "data: URL"
		}
		return refuse(fmt.Sprintf("%s longer than %d bytes", what, downloader.MaxURL))
	}
	var taken []string
	if invisible != 0 {
		taken = append(taken, "a "+describe(invisible))
	}
	if !isPlain(item.URL) {
		var what []string
		item.URL, what = clean(item.URL)
		taken = append(taken, what...)
		if reason := examine(item.URL); reason != "" {
			return refuse(reason)
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
