package compare

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"

	"grab/downloader"
	"grab/downloader/engine"
	"grab/downloader/internal/machine"
	"grab/downloader/live"
	"grab/downloader/outdir"
	"grab/downloader/report"
)

// runOnce makes a run with a new client, new children and an empty directory. It returns only
// errors that would hit every other run as well; any other error becomes that of the run.
func (p *Plan) runOnce(ctx context.Context, run *report.Run, name string) error {
	if program := p.program(run.Contender()); program != nil {
		return p.runProgram(ctx, program, run, name)
	}
	opts := p.Options
	opts.Mode, opts.Workers = run.Mode, run.Workers
	opts.Dir = p.dir(run.Contender())
	if err := p.clearDir(run.Contender()); err != nil {
		return err
	}
	out, err := outdir.Open(opts.Dir, outdir.Options{Durable: opts.Durable})
	if err != nil {
		return inUse(err)
	}
	defer func() { _ = out.Close() }()

	results := &recorder{images: []report.Image{}}
	counters := &live.Counters{}
	counters.Total.Store(int64(p.List.Len()))
	observers := []downloader.Observer{results}
	var warn func(string)
	stop := func() {}
	if p.Watch != nil {
		var others []downloader.Observer
		others, warn, stop = p.Watch(name, run.Contender(), counters)
		observers = append(observers, others...)
	}
	d, err := engine.New(opts, engine.Deps{
		Output: out, Observers: observers, Counters: counters,
		WorkerCommand: p.WorkerCommand, Warn: warn,
	})
	if err == nil {
		err = p.reset(ctx)
	}
	if err != nil {
		stop()
		return err
	}
	debug.FreeOSMemory() // so that memory of the last run does not count for this one
	machine.ResetPeakRSS()
	before := busyTime()
	summary, err := d.Run(ctx, p.List.source())
	busy := busyTime() - before
	stop()

	results.describe(run, &summary)
	if err != nil {
		run.Error = err.Error()
	} else if summary.Workers != run.Workers {
		run.Error = fmt.Sprintf("only %d of %d workers could be started", summary.Workers, run.Workers)
	}
	if storage := (*downloader.Error)(nil); errors.As(err, &storage) && storage.Class != downloader.ClassWorkerLost {
		return err // every other run would fail, too
	}
	if p.reference == nil && run.Error == "" && run.OK == p.List.Len() {
		p.reference = run.Images
	}
	return p.countServer(ctx, run, busy-summary.Usage.CPU)
}
