package list

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"strings"
	"sync"
	"sync/atomic"

	"grab/downloader"
	"grab/downloader/internal/folder"
)

// OpenLists opens what the arguments of a command name: list files, URLs, and
// "-" for stdin. Nothing is read before the returned source is used; close it
// after that. The source ends early when ctx does. An error is an *[fs.PathError]
// that names the argument.
func Open(ctx context.Context, args []string, stdin io.Reader) (src downloader.Source, close func(), err error) {
	var lists []List
	var open []io.Closer
	close = func() {
		for _, c := range open {
			c.Close()
		}
	}
	for _, arg := range args {
		switch {
		case strings.Contains(arg, "://"):
			lists = append(lists, List{Name: arg, URL: arg})
		case arg == "-":
			body := interruptible(ctx, stdin)
			open = append(open, body)
			lists = append(lists, List{Name: "standard input", Body: body})
		default:
			f, err := openList(arg)
			if err != nil {
				close()
				return nil, nil, err
			}
			body := interruptible(ctx, f)
			open = append(open, body, f)
			lists = append(lists, List{Name: arg, Body: body})
		}
	}
	return Read(lists...), close, nil
}

// openList opens a list file. A folder is refused here, and not at the first read.
func openList(name string) (*os.File, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	info, err := f.Stat()
	if err == nil && info.IsDir() {
		err = &fs.PathError{Op: "open", Path: name, Err: errors.New("it is a folder, not a list")}
	}
	if err != nil {
		f.Close()
		return nil, err
	}
	return f, nil
}

// ExpectLists finds out beside a run how many entries there are, and adds them to
// total. The returned function ends that.
func Expect(ctx context.Context, args []string, total *atomic.Int64) (stop func()) {
	ctx, cancel := context.WithCancel(ctx)
	var counting sync.WaitGroup
	counting.Go(func() { total.Add(int64(Count(ctx, args))) })
	return func() { cancel(); counting.Wait() }
}

// CountLists counts the entries of the arguments of a command as [OpenLists]
// would find them. It returns 0, for not known, if one of them can be read only
// once, or when ctx ends.
func Count(ctx context.Context, args []string) int {
	total := 0
	for _, arg := range args {
		if strings.Contains(arg, "://") {
			total++
			continue
		}
		if info, err := os.Stat(arg); arg == "-" || err != nil || !info.Mode().IsRegular() {
			return 0
		}
		f, err := os.Open(arg)
		if err != nil {
			return 0
		}
		n, err := CountEntries(folder.Reader(ctx, f))
		f.Close()
		if err != nil {
			return 0
		}
		total += n
	}
	return total
}

// interruptible returns a reader that ends when ctx does, or when it is closed.
// A file that can make its reader wait (a pipe, a terminal) is read by a goroutine
// of its own, which outlives the reader if the file never answers: a read cannot
// be called off. Closing does not close r.
func interruptible(ctx context.Context, r io.Reader) io.ReadCloser {
	if f, ok := r.(*os.File); ok {
		if info, err := f.Stat(); err == nil && info.Mode().IsRegular() {
			return io.NopCloser(f)
		}
	}
	out, in := io.Pipe()
	go func() {
		_, err := io.Copy(in, r)
		in.CloseWithError(err)
	}()
	context.AfterFunc(ctx, func() { in.CloseWithError(errInterrupted) })
	return out
}
