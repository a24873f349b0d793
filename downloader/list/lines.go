// Package list reads lists of image URLs.
package list

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"

	"grab/downloader"
	"grab/downloader/internal/sanitize"
)

// List is one list of URLs, or a single URL.
type List struct {
	Name string    // for messages
	URL  string    // the only entry, if Body is nil
	Body io.Reader // lines; read once, and no further than the entries are used
}

// Read returns the entries of the lists in their order, as one Source that can be
// read once. A line is an entry unless it is blank or its first character is '#'.
// Lines end in LF or CRLF, or where the list ends. White space around a URL and a
// UTF-8 byte order mark at the start are ignored.
func Read(lists ...List) downloader.Source {
	return func(yield func(downloader.Item, error) bool) {
		index := 0
		for _, list := range lists {
			if list.Body == nil {
				if !yield(entry(index, 0, []byte(list.URL))) {
					return
				}
				index++
				continue
			}
			err := eachEntry(list.Body, func(line int, text []byte) bool {
				more := yield(entry(index, line, text))
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
	err := eachEntry(r, func(int, []byte) bool { n++; return true })
	return n, err
}

var (
	errStopped     = errors.New("stopped by the reader")
	errInterrupted = errors.New("interrupted") // ends a list quietly
)

// eachEntry calls do with the line number and text of each entry. The text is cut one
// byte past [downloader.MaxURL], and valid until do returns. If do returns false,
// eachEntry returns errStopped.
func eachEntry(r io.Reader, do func(line int, text []byte) bool) error {
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
			text = bytes.TrimPrefix(text, []byte("\xef\xbb\xbf"))
		}
		if !long {
			text = bytes.TrimSpace(text)
		}
		if len(text) > 0 && text[0] != '#' && !do(line, text) {
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

func entry(index, line int, text []byte) (downloader.Item, error) {
	if len(text) > downloader.MaxURL {
		return downloader.Item{Index: index, Line: line, URL: sanitize.Text(sanitize.Entry(string(text)), sanitize.MaxURL)},
			&downloader.Error{Class: downloader.ClassURL, Op: "parse", Reason: fmt.Sprintf("line longer than %d bytes", downloader.MaxURL)}
	}
	item := downloader.Item{Index: index, Line: line, URL: string(text)}
	if err := parseURL(item.URL); err != nil {
		item.URL = sanitize.Text(sanitize.Entry(item.URL), sanitize.MaxURL)
		return item, err
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
