// Package compare is the experiment: every mode runs on the same list, again and
// again, under conditions that are the same for all.
package compare

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime/debug"

	"grab/downloader"
	"grab/downloader/manifest"
	"grab/downloader/report"
)

// Plan says what to compare.
type Plan struct {
	Modes         []downloader.Mode
	Rounds        int
	Options       downloader.Options // for all modes; Mode and Dir are set for each run
	Out           string             // each mode's files are under Out/MODE after the last round
	List          *List
	WorkerCommand []string

	// Reset is called before each run, to bring a server to its first state;
	// nil: there is nothing to reset.
	Reset func(context.Context) error
	// Watch is called when a run starts. Its observer (nil: none) is told of each
	// result, and stop is called when the run has ended. nil: nobody watches.
	Watch func(mode downloader.Mode, round int, counters *downloader.Counters) (o downloader.Observer, stop func())
}

// List is the entries of a list, kept so that every run gets the same.
type List struct {
	items []downloader.Item
	bad   map[int]error // by index
}

// ReadList reads a source to its end.
func ReadList(src downloader.Source) (*List, error) {
	l := &List{bad: map[int]error{}}
	for item, err := range src {
		if bad, ok := err.(*downloader.Error); ok {
			l.bad[item.Index] = bad
		} else if err != nil {
			return nil, &downloader.ListError{Err: err}
		}
		l.items = append(l.items, item)
	}
	return l, nil
}

// Len returns the number of entries.
func (l *List) Len() int { return len(l.items) }

func (l *List) source() downloader.Source {
	return func(yield func(downloader.Item, error) bool) {
		for _, item := range l.items {
			if !yield(item, l.bad[item.Index]) {
				return
			}
		}
	}
}

// DirError is an output directory that cannot be used. Nothing was fetched.
type DirError struct{ Err error }

func (e *DirError) Error() string { return e.Err.Error() }

// Unwrap returns the cause.
func (e *DirError) Unwrap() error { return e.Err }

// Run runs every mode Rounds times, in an order that rotates from round to
// round. It stops after a round in which any mode failed: nothing can be ranked
// then. The error is for a comparison that could not go on; the runs that were
// made are returned with it.
func Run(ctx context.Context, plan Plan) ([]report.Run, error) {
	for _, mode := range plan.Modes {
		if err := checkDir(plan.dir(mode)); err != nil {
			return nil, &DirError{err}
		}
	}
	var runs []report.Run
	for round := range plan.Rounds {
		failed := false
		for i := range plan.Modes {
			mode := plan.Modes[(i+round)%len(plan.Modes)]
			run, err := plan.run(ctx, mode, round)
			if ctx.Err() != nil {
				return runs, context.Cause(ctx)
			}
			runs = append(runs, run)
			if err != nil {
				return runs, err
			}
			failed = failed || run.Failed != ""
		}
		if failed {
			break
		}
	}
	return runs, nil
}

func (p *Plan) dir(mode downloader.Mode) string { return filepath.Join(p.Out, string(mode)) }

// run makes one run with a fresh client, fresh children and an empty directory.
func (p *Plan) run(ctx context.Context, mode downloader.Mode, round int) (report.Run, error) {
	run := report.Run{Round: round}
	opts := p.Options
	opts.Mode, opts.Dir = mode, p.dir(mode)
	if err := clearDir(opts.Dir); err != nil {
		return run, err
	}
	if p.Reset != nil {
		if err := p.Reset(ctx); err != nil {
			return run, fmt.Errorf("reset the server: %w", err)
		}
	}
	journal, err := manifest.Open(opts.Dir, opts.Durable)
	if err != nil {
		return run, err
	}
	defer journal.Close()

	counters := &downloader.Counters{}
	counters.Total.Store(int64(p.List.Len()))
	observers := []downloader.Observer{journal, &run}
	stop := func() {}
	if p.Watch != nil {
		var o downloader.Observer
		if o, stop = p.Watch(mode, round, counters); o != nil {
			observers = append(observers, o)
		}
	}
	d, err := downloader.New(opts, downloader.Deps{
		Sink: journal.Files, Observers: observers, Counters: counters, WorkerCommand: p.WorkerCommand,
	})
	if err != nil {
		stop()
		return run, err
	}
	debug.FreeOSMemory() // what the last run left is not this one's memory
	downloader.ResetPeakRSS()
	run.Summary, err = d.Run(ctx, p.List.source())
	stop()
	if err != nil {
		run.Failed = err.Error()
	} else if n := run.Summary.Workers; mode != downloader.Sequential && n != opts.Workers {
		run.Failed = fmt.Sprintf("only %d of %d workers could be started", n, opts.Workers)
	}
	if storage := (*downloader.Error)(nil); errors.As(err, &storage) && storage.Class != downloader.ClassWorkerLost {
		return run, err // no other run would fare better
	}
	return run, nil
}

// checkDir makes a directory if it is missing, and refuses one that holds
// anything but what grab put there: comparing empties it.
func checkDir(dir string) error {
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return err
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		return err
	}
	for _, e := range entries {
		if !ours(e) {
			return fmt.Errorf("%s holds %s, which is not from grab: comparing would empty the directory; choose another with -out", dir, e.Name())
		}
	}
	return nil
}

// clearDir removes what earlier runs put in dir.
func clearDir(dir string) error {
	entries, err := os.ReadDir(dir)
	for _, e := range entries {
		if ours(e) {
			err = errors.Join(err, os.RemoveAll(filepath.Join(dir, e.Name())))
		}
	}
	return err
}

// ours reports whether grab made what has this name. A folder that is called
// like an image is not from grab.
func ours(e os.DirEntry) bool {
	if e.IsDir() {
		return e.Name() == downloader.StateDir
	}
	return e.Name() == manifest.Name || downloader.IsFileName(e.Name())
}
