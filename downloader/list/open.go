package list

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"strings"

	"grab/downloader"
	"grab/downloader/internal/folder"
	"grab/downloader/internal/weburl"
)

// Open opens the lists that the arguments of a command name: list files, URLs, and
// "-" for stdin. It reads nothing: the returned source does, and ends early when ctx
// ends. All lists are read as the fields of how say. The caller calls close after the last
// use of the source. An error is an *[fs.PathError] that names the argument.
func Open(ctx context.Context, args []string, stdin io.Reader, how List) (src downloader.Source, close func(), err error) {
	var lists []List
	var open []io.Closer
	close = func() {
		for _, c := range open {
			c.Close()
		}
	}
	add := func(name, url string, body io.Reader) {
		one := how
		one.Name, one.URL, one.Body = name, url, body
		lists = append(lists, one)
	}
	for _, arg := range args {
		switch {
		case isURL(arg):
			add(arg, arg, nil)
		case arg == "-":
			body := interruptible(ctx, stdin)
			open = append(open, body)
			add("standard input", "", body)
		default:
			f, err := openList(arg)
			if err != nil {
				close()
				return nil, nil, err
			}
			body := interruptible(ctx, f)
			open = append(open, body, f)
			add(arg, "", body)
		}
	}
	return Read(lists...), close, nil
}

// isURL reports whether an argument is a URL, and not the name of a list.
func isURL(arg string) bool { return strings.Contains(arg, "://") || weburl.IsData(arg) }

// openList opens a list file. It refuses a folder, which would open, but not read.
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
		_ = f.Close()
		return nil, err
	}
	return f, nil
}

// Count counts the entries that [Open] would find for the arguments of a command. It
// returns 0, for not known, if one of them can be read only once, or if ctx ends.
func Count(ctx context.Context, args []string, how List) int {
	total := 0
	for _, arg := range args {
		if isURL(arg) {
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
		how.Name, how.Body = arg, folder.Reader(ctx, f)
		n, err := how.Count()
		_ = f.Close()
		if err != nil {
			return 0
		}
		total += n
	}
	return total
}

// interruptible returns a reader of r that ends when ctx ends or the reader is
// closed. Closing it does not close r. A read of a pipe or a terminal can block, and
// cannot be cancelled, so a goroutine does it. If the read never returns, the
// goroutine outlives the reader.
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
