package compare

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"slices"
	"time"

	"grab/downloader"
	"grab/downloader/engine"
	"grab/downloader/internal/machine"
	"grab/downloader/live"
	"grab/downloader/outdir"
	"grab/downloader/report"
)

// once makes a run with a fresh client, fresh children and an empty directory.
// Its error is one that no other run would escape; any other is the run's own.
func (p *Plan) once(ctx context.Context, run *report.Run, name string) error {
	opts := p.Options
	opts.Mode, opts.Workers = run.Mode, run.Workers
	opts.Dir = p.dir(report.Contender{Mode: run.Mode, Workers: run.Workers})
	if err := clearDir(opts.Dir); err != nil {
		return err
	}
	out, err := outdir.Open(opts.Dir, outdir.Options{Durable: opts.Durable})
	if err != nil {
		return err
	}
	defer out.Close()

	kept := &record{images: []report.Image{}}
	counters := &live.Counters{}
	counters.Total.Store(int64(p.List.Len()))
	observers := []downloader.Observer{kept}
	var warn func(string)
	stop := func() {}
	if p.Watch != nil {
		var o downloader.Observer
		if o, warn, stop = p.Watch(name, counters); o != nil {
			observers = append(observers, o)
		}
	}
	d, err := engine.New(opts, engine.Deps{
		Output: out, Observers: observers, Counters: counters, WorkerCommand: p.WorkerCommand, Warn: warn,
	})
	if err == nil && p.Reset != nil {
		if err = p.Reset(ctx); err != nil {
			err = fmt.Errorf("reset the server: %w", err)
		}
	}
	if err != nil {
		stop()
		return err
	}
	debug.FreeOSMemory() // what the last run left is not this one's memory
	machine.ResetPeakRSS()
	before := busyTime()
	summary, err := d.Run(ctx, p.List.source())
	busy := busyTime() - before
	stop()

	kept.describe(run, &summary)
	if err != nil {
		run.Error = err.Error()
	} else if summary.Workers != run.Workers {
		run.Error = fmt.Sprintf("only %d of %d workers could be started", summary.Workers, run.Workers)
	}
	if storage := (*downloader.Error)(nil); errors.As(err, &storage) && storage.Class != downloader.ClassWorkerLost {
		return err // no other run would fare better
	}
	if p.Figures != nil && ctx.Err() == nil {
		figures, err := p.Figures(ctx)
		if err != nil {
			return fmt.Errorf("ask the server what it saw: %w", err)
		}
		run.Server = &figures
		busy -= time.Duration(figures.CPUSeconds * float64(time.Second))
	}
	run.OtherCPUSeconds = max(0, busy-summary.Usage.CPU).Seconds()
	return nil
}

// record keeps of a run's results what is compared. It is a [downloader.Observer].
type record struct {
	images  []report.Image
	started []time.Time // of each image
	failure string      // the first
}

// Observe takes a result.
func (k *record) Observe(r downloader.Result) {
	if r.Status != downloader.StatusOK {
		if k.failure == "" {
			k.failure = fmt.Sprintf("%s: %s: %s", r.Where(), r.Class, r.Error)
		}
		return
	}
	k.images = append(k.images, report.Image{
		Index: r.Index, Worker: r.Worker, Timing: r.Timing, Bytes: r.Bytes, SHA256: r.SHA256, File: r.File, Width: r.Width, Height: r.Height,
	})
	k.started = append(k.started, r.Started)
}

// describe fills a run in with what was kept and counted of it.
func (k *record) describe(run *report.Run, s *downloader.Summary) {
	for i := range k.images {
		k.images[i].Start = max(0, k.started[i].Sub(s.Started).Seconds())
	}
	slices.SortFunc(k.images, func(a, b report.Image) int { return a.Index - b.Index })
	run.Images, run.Error = k.images, k.failure
	run.Started, run.Listed, run.Total, run.OK, run.Failed, run.Bytes = s.Started, s.Listed, s.Total, s.OK, s.Total-s.OK, s.Bytes
	run.Seconds, run.StartupSeconds = s.Elapsed.Seconds(), s.Startup.Seconds()
	run.CPUSeconds, run.ChildCPUSeconds = s.Usage.CPU.Seconds(), s.Children.CPU.Seconds()
	run.PeakRSSBytes, run.ContextSwitches = s.Usage.PeakRSS, s.Usage.Switches
}
