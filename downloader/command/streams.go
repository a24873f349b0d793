package command

import (
	"cmp"
	"errors"
	"io"
	"io/fs"
	"os"
	"strings"
	"syscall"
)

// exitClosedPipe is the exit code when the reader of standard output has gone, as in
// `grab … | head -1`: what a shell reports of a program that SIGPIPE ends.
const exitClosedPipe = 128 + 13

// closedPipe reports whether err says that nobody reads file any more.
func closedPipe(err error, file *os.File) bool {
	path, ok := errors.AsType[*fs.PathError](err)
	return ok && path.Path == file.Name() && errors.Is(path.Err, syscall.EPIPE)
}

// forPeople returns where texts for people go that would go to file. Where the locale is
// not of UTF-8, what grab draws is ASCII. URLs and paths stay as they are.
func forPeople(file *os.File, getenv func(string) string) io.Writer {
	locale := strings.ToUpper(cmp.Or(getenv("LC_ALL"), getenv("LC_CTYPE"), getenv("LANG")))
	if locale == "" || strings.Contains(locale, "UTF-8") || strings.Contains(locale, "UTF8") {
		return file
	}
	drawn := strings.NewReplacer("█", "#", "×", "x", "…", "...", "–", "-", "µ", "u")
	return asciiFile{file, drawn}
}

// asciiFile is a file that gets ASCII for the characters that grab draws.
type asciiFile struct {
	*os.File // for its Fd and Stat
	drawn    *strings.Replacer
}

// Write implements [io.Writer].
func (f asciiFile) Write(p []byte) (int, error) { return f.WriteString(string(p)) }

// WriteString implements [io.StringWriter].
func (f asciiFile) WriteString(text string) (int, error) {
	if n, err := f.File.WriteString(f.drawn.Replace(text)); err != nil {
		return min(n, len(text)), err
	}
	return len(text), nil
}
