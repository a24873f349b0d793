// Package batch has what runs in scripts need besides the images: a list of what failed, a
// log, limits for a whole run, parts of a list, and commands for each image.
package batch

import (
	"bufio"
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"
	"sync"

	"grab/downloader"
)

// FailedList is a list of the images that failed, in the order in which they did. It is a
// [downloader.Observer] and a [downloader.Flusher].
//
// A comment before each URL says why it failed. What is no URL, and so cannot be asked for
// again, is in a comment as well.
type FailedList struct {
	file *os.File
	out  *bufio.Writer

	mu  sync.Mutex
	raw map[int]string // by index: the URLs that results show without their passwords
}

// NewFailedList creates or empties the file. It refuses one of the lists that are read, which
// would be lost.
func NewFailedList(name string, lists []string) (*FailedList, error) {
	if there, err := os.Stat(name); err == nil {
		for _, list := range lists {
			if info, err := os.Stat(list); err == nil && os.SameFile(there, info) {
				return nil, fmt.Errorf("%s is the list itself", name)
			}
		}
	}
	file, err := os.Create(name)
	if err != nil {
		return nil, err
	}
	return &FailedList{file: file, out: bufio.NewWriter(file), raw: map[int]string{}}, nil
}

// Watch returns src. It keeps the URLs that the results will not have as the list has them.
func (f *FailedList) Watch(src downloader.Source) downloader.Source {
	return func(yield func(downloader.Item, error) bool) {
		for item, err := range src {
			if err == nil && item.Public().URL != item.URL {
				f.mu.Lock()
				f.raw[item.Index] = item.URL
				f.mu.Unlock()
			}
			if !yield(item, err) {
				return
			}
		}
	}
}

// Observe writes a result that failed.
func (f *FailedList) Observe(r downloader.Result) {
	url := f.urlOf(&r)
	if r.Status != downloader.StatusFailed {
		return
	}
	where := ""
	if r.Line > 0 {
		where = fmt.Sprintf("line %d: ", r.Line)
	}
	comment := ""
	if r.Class == downloader.ClassURL && r.Attempts == 0 {
		comment = "# "
	}
	status := ""
	if number := strconv.Itoa(r.HTTPStatus); r.HTTPStatus > 0 && !strings.Contains(r.Error, number) {
		status = " (" + number + ")" // known from an earlier run
	}
	fmt.Fprintf(f.out, "# %s%s%s: %s\n%s%s\n", where, r.Class, status, strings.ReplaceAll(r.Error, "\n", " "), comment, url)
}

// urlOf returns the URL of a result as its list has it, which is not kept any longer.
func (f *FailedList) urlOf(r *downloader.Result) string {
	f.mu.Lock()
	defer f.mu.Unlock()
	url, kept := f.raw[r.Index]
	if !kept {
		return r.URL
	}
	delete(f.raw, r.Index)
	return url
}

// Flush writes out what is buffered.
func (f *FailedList) Flush() error { return f.out.Flush() }

// Close writes out what is buffered, and closes the file.
func (f *FailedList) Close() error { return errors.Join(f.Flush(), f.file.Close()) }
