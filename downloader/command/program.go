package command

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"time"

	"grab/downloader"
	"grab/downloader/batch"
	"grab/downloader/outdir"
	"grab/downloader/signals"
	"grab/downloader/web"
	"grab/testserver"
)

// drainTime is how long an interrupted run may take to finish the downloads in
// flight.
const drainTime = 5 * time.Second

// Exit codes other than 0 and those of signals; docs/CLI.md has the table.
const (
	exitFailed   = 1 // some images failed
	exitUsage    = 2 // wrong flags, settings or list; nothing was fetched
	exitStorage  = 3 // the local disk failed
	exitLocked   = 4 // another grab is working in the output directory
	exitInternal = 5
	exitKnown    = 6 // some images failed, but all as in an earlier run; with -gone-for
)

// program is what the commands share.
type program struct {
	stdin, stdout, stderr *os.File
	said, shown           io.Writer          // standard error and output, for texts for people
	server                testserver.Options // of the embedded server: its Faults
	silent                bool               // not even an error is said
	questions             <-chan os.Signal   // each asks what is in flight
	fetched               map[string]string  // files that have the lists at these URLs
	failed                *batch.FailedList  // of the run; set before its lists are read
	page                  *web.Page          // the live page; nil: there is none
	warn                  func(string)       // shows what is odd in a list; set while lists are read with -v
	exit                  int                // the exit code of a command that returns no error
}

// exitCode returns the program's exit code after a command has returned err.
func (p *program) exitCode(ctx context.Context, err error) int {
	if sig, ok := errors.AsType[signals.Interrupted](context.Cause(ctx)); ok {
		return sig.ExitCode()
	}
	switch {
	case err == nil:
		return p.exit
	case closedPipe(err, p.stdout):
		return exitClosedPipe
	case is[*downloader.UsageError](err):
		return exitUsage
	case is[*outdir.LockedError](err):
		return exitLocked
	case errors.Is(err, downloader.ClassDiskFull), errors.Is(err, downloader.ClassIO):
		return exitStorage
	case is[*fs.PathError](err) && !errors.Is(err, downloader.ClassWorkerLost): // there the path is that of a program
		return exitStorage
	default:
		return exitInternal
	}
}

// is reports whether err is or wraps an error of type E.
func is[E error](err error) bool {
	_, ok := errors.AsType[E](err)
	return ok
}
