// Package signals says what the signals of terminals, shells and service
// managers mean to grab.
package signals

import (
	"context"
	"os"
	"os/signal"
	"syscall"
)

// Interrupted is the cause of a context that a signal ended.
type Interrupted struct{ os.Signal }

func (i Interrupted) Error() string { return "interrupted" }

// ExitCode is what a shell makes of a program that the signal ended. A hang-up
// is a request to end as SIGTERM is, and has its code.
func (i Interrupted) ExitCode() int {
	if i.Signal == syscall.SIGHUP {
		return 128 + int(syscall.SIGTERM)
	}
	return 128 + int(i.Signal.(syscall.Signal))
}

// Context returns a context that the first SIGINT, SIGTERM or SIGHUP ends. A
// second SIGINT or SIGTERM has its default effect: it ends the process at once.
// A second SIGHUP has none: a shell that goes sends one, and the system another
// when the shell has gone. One that was ignored from the start, by nohup, stays so.
//
// From then on a write to a pipe that nobody reads is an error, as it is for any
// other file, and not the end of the process.
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

// Questions returns a channel that gets each SIGQUIT until stop is called. The
// process goes on.
func Questions() (asked <-chan os.Signal, stop func()) {
	c := make(chan os.Signal, 1)
	signal.Notify(c, syscall.SIGQUIT)
	return c, func() { signal.Stop(c) }
}

// LeaveToParent ignores all that a terminal sends to each process of a group:
// what it means is the parent's decision.
func LeaveToParent() {
	signal.Ignore(os.Interrupt, syscall.SIGTERM, syscall.SIGHUP, syscall.SIGQUIT)
}
