package command

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"time"

	"grab/downloader"
	"grab/downloader/manifest"
	"grab/downloader/signals"
)

// version is what -version prints and the User-Agent contains.
const version = "0.1.0"

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
)

// program is what the commands share.
type program struct {
	stdin, stdout, stderr *os.File
	questions             <-chan os.Signal // each asks what is in flight
	exit                  int              // the exit code of a command that returns no error
}

// exitCode returns the program's exit code after a command has returned err.
func (p *program) exitCode(ctx context.Context, err error) int {
	if sig, ok := errors.AsType[signals.Interrupted](context.Cause(ctx)); ok {
		return sig.ExitCode()
	}
	_, usage := errors.AsType[*downloader.UsageError](err)
	_, path := errors.AsType[*fs.PathError](err)
	path = path && !errors.Is(err, downloader.ClassWorkerLost) // that path is the child's program
	_, locked := errors.AsType[*manifest.LockedError](err)
	switch {
	case usage:
		return exitUsage
	case locked:
		return exitLocked
	case path || errors.Is(err, downloader.ClassDiskFull) || errors.Is(err, downloader.ClassIO):
		return exitStorage
	case err != nil:
		return exitInternal
	}
	return p.exit
}
