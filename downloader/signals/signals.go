// Package signals defines how grab responds to the signals of terminals, shells
// and service managers.
package signals

import (
	"context"
	"os"
	"os/signal"
	"syscall"
)

// Interrupted is the cause of a context that a signal canceled.
type Interrupted struct{ os.Signal }

func (i Interrupted) Error() string { return "interrupted" }

// ExitCode returns the exit code that a shell reports for a program ended by the
// signal: 128 plus its number. SIGHUP asks grab to stop, as SIGTERM does, and has
// the code of SIGTERM.
func (i Interrupted) ExitCode() int {
	if i.Signal == syscall.SIGHUP {
		return 128 + int(syscall.SIGTERM)
	}
	return 128 + int(i.Signal.(syscall.Signal))
}

// Context returns a context that the first SIGINT, SIGTERM or SIGHUP cancels. A
// second SIGINT or SIGTERM has its default effect: it ends the process at once. A
// second SIGHUP has no effect: a shell sends one when it exits, and the system
// sends another once the shell is gone. If SIGHUP was ignored from the start, as
// under nohup, it stays ignored.
//
// On Windows, Ctrl-C and Ctrl-Break are SIGINT. SIGTERM stands for the closing of the
// console, the end of the session and the end of the system, which wait for a few seconds.
//
// Until stop is called, a write to a pipe without a reader returns an error, as it
// does for any other file, instead of ending the process.
func Context(parent context.Context) (ctx context.Context, stop func()) {
	ctx, cancel := context.WithCancelCause(parent)
	first, pipe := make(chan os.Signal, 1), make(chan os.Signal, 1)
	signal.Notify(first, os.Interrupt, syscall.SIGTERM)
	if !signal.Ignored(syscall.SIGHUP) {
		signal.Notify(first, syscall.SIGHUP)
	}
	signal.Notify(pipe, syscall.SIGPIPE)
	done := make(chan struct{})
	go func() {
		defer close(done)
		select {
		case sig := <-first:
			cancel(Interrupted{sig})
			signal.Reset(os.Interrupt, syscall.SIGTERM)
		case <-ctx.Done():
		}
	}()
	return ctx, func() {
		cancel(nil)
		<-done
		signal.Stop(first)
		signal.Stop(pipe)
	}
}

// Questions returns a channel that receives SIGQUIT until stop is called. The
// signal asks what the process is doing, and no longer ends it.
func Questions() (asked <-chan os.Signal, stop func()) {
	c := make(chan os.Signal, 1)
	signal.Notify(c, syscall.SIGQUIT)
	return c, func() { signal.Stop(c) }
}

// LeaveToParent lets the signals that a terminal sends to every process of a group pass
// without effect. The parent process decides what they mean. A channel that nobody reads
// takes them: on Windows, an ignored Ctrl-C ends the process.
func LeaveToParent() {
	signal.Notify(make(chan os.Signal, 1), os.Interrupt, syscall.SIGTERM, syscall.SIGHUP, syscall.SIGQUIT)
}
