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
	"grab/downloader/internal/sanitize"
	"grab/downloader/internal/weburl"
)

// maxOpen is how many list files are open at once. Further ones are opened again when their
// turn comes.
const maxOpen = 64

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
	add := func(name, url string, body io.Reader, file string) {
		one := how
		one.Name, one.URL, one.Body, one.file = name, url, body, file
		lists = append(lists, one)
	}
	for _, arg := range args {
		name, file := how.fileOf(arg)
		switch {
		case file == "" && arg != "": // no file has the empty name, as openList says
			add(arg, arg, nil, "")
		case arg == "-":
			body := interruptible(ctx, stdin)
			open = append(open, body)
			add("standard input", "", body, "")
		default:
			f, err := openList(file)
			if err != nil {
				close()
				return nil, nil, err
			}
			if isRegular(f) && len(open) >= 2*maxOpen { // an open one is there with its reader
				_ = f.Close()
				later := &laterFile{name: file}
				open = append(open, later)
				add(name, "", later, file)
				continue
			}
			if !isRegular(f) {
				file = ""
			}
			body := interruptible(ctx, f)
			open = append(open, body, f)
			add(name, "", body, file)
		}
	}
	return Read(lists...), close, nil
}

// fileOf returns the name for messages of the list that an argument is, and its file. An
// argument that is the URL of an image has none.
func (l *List) fileOf(arg string) (name, file string) {
	if file, ok := l.Fetched[arg]; ok {
		return sanitize.URL(arg), file
	}
	if isURL(arg) {
		return arg, ""
	}
	return arg, arg
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

// laterFile is a file that is open only from its first read to its end.
type laterFile struct {
	name  string
	file  *os.File
	ended bool
}

func (l *laterFile) Read(p []byte) (n int, err error) {
	if l.ended {
		return 0, io.EOF
	}
	if l.file == nil {
		if l.file, err = os.Open(l.name); err != nil {
			return 0, err
		}
	}
	n, err = l.file.Read(p)
	if l.ended = err == io.EOF; l.ended {
		_ = l.file.Close()
	}
	return n, err
}

func (l *laterFile) Close() error {
	if l.file == nil {
		return nil
	}
	return l.file.Close()
}

// Count counts the entries that [Open] would find for the arguments of a command. It
// returns 0, for not known, if one of them can be read only once, or if ctx ends.
func Count(ctx context.Context, args []string, how List) int {
	total := 0
	for _, arg := range args {
		name, file := how.fileOf(arg)
		if file == "" {
			total++
			continue
		}
		if info, err := os.Stat(file); arg == "-" || err != nil || !info.Mode().IsRegular() {
			return 0
		}
		f, err := os.Open(file)
		if err != nil {
			return 0
		}
		how.Name, how.file, how.Body = name, file, folder.Reader(ctx, f)
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
	if f, ok := r.(*os.File); ok && isRegular(f) {
		return io.NopCloser(f)
	}
	out, in := io.Pipe()
	go func() {
		_, err := io.Copy(in, r)
		in.CloseWithError(err)
	}()
	context.AfterFunc(ctx, func() { in.CloseWithError(errInterrupted) })
	return out
}

func isRegular(f *os.File) bool {
	info, err := f.Stat()
	return err == nil && info.Mode().IsRegular()
}
