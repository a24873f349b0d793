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
// It is written as the list is that the run reads. A list with comments has the reason before
// each entry, and in a comment what is no URL and so cannot be asked for again. A table has
// rows alone, as they stood, of what can be asked for again.
type FailedList struct {
	file *os.File
	out  *bufio.Writer

	index int    // of the entry that is being read
	row   []byte // as the list has it; nil: the URL is all

	mu     sync.Mutex
	rows   rowFile // of the entries that results will not have as the list has them
	table  bool
	header string // not written yet
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
	return &FailedList{file: file, out: bufio.NewWriter(file)}, nil
}

// Begin says how the list is written, before its entries: as a table with this header, which
// may be empty, or else with comments. All lists of a run have the same form, or none says.
func (f *FailedList) Begin(table bool, header string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if !f.table {
		f.table, f.header = table, header
	}
}

// Row gets the text of an entry before it comes by [FailedList.Watch].
func (f *FailedList) Row(index int, text []byte) {
	f.index, f.row = index, append(f.row[:0], text...)
}

// Watch returns src. It keeps the entries that the results will not have as the list has them.
func (f *FailedList) Watch(src downloader.Source) downloader.Source {
	return func(yield func(downloader.Item, error) bool) {
		for item, err := range src {
			switch {
			case err != nil:
			case len(f.row) > 0 && f.index == item.Index:
				f.keep(item.Index, f.row)
			case item.Public().URL != item.URL:
				f.keep(item.Index, []byte(item.URL))
			}
			if !yield(item, err) {
				return
			}
		}
	}
}

func (f *FailedList) keep(index int, row []byte) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.rows.put(index, row)
}

// Observe writes a result that failed.
func (f *FailedList) Observe(r downloader.Result) {
	if r.Status != downloader.StatusFailed {
		return
	}
	f.mu.Lock()
	row := string(f.rows.get(r.Index))
	table, header := f.table, f.header
	if row != "" {
		f.header = ""
	}
	f.mu.Unlock()
	switch {
	case table && row == "":
		return
	case table:
		row = header + row
	case row == "":
		row = r.URL
	}
	if !table {
		if r.Class == downloader.ClassURL && r.Attempts == 0 {
			row, _, _ = strings.Cut("# "+row, "\n")
		}
		row = reason(&r) + row
	}
	if !strings.HasSuffix(row, "\n") {
		row += "\n"
	}
	fmt.Fprint(f.out, row)
}

// reason returns a comment that says why an image failed.
func reason(r *downloader.Result) string {
	where, status := "", ""
	if r.Line > 0 {
		where = fmt.Sprintf("line %d: ", r.Line)
	}
	if number := strconv.Itoa(r.HTTPStatus); r.HTTPStatus > 0 && !strings.Contains(r.Error, number) {
		status = " (" + number + ")" // known from an earlier run
	}
	return fmt.Sprintf("# %s%s%s: %s\n", where, r.Class, status, strings.ReplaceAll(r.Error, "\n", " "))
}

// Flush writes out what is buffered.
func (f *FailedList) Flush() error {
	f.mu.Lock()
	defer f.mu.Unlock()
	return errors.Join(f.rows.err, f.out.Flush())
}

// Close writes out what is buffered, and closes the file.
func (f *FailedList) Close() error {
	err := errors.Join(f.Flush(), f.file.Close())
	f.rows.close()
	return err
}
