// Package compare is the experiment: every mode runs on the same list, again and
// again, under conditions that are the same for all.
package compare

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"

	"grab/downloader"
	"grab/downloader/live"
	"grab/downloader/report"
)

// Plan says what to compare.
type Plan struct {
	// Conditions name the modes, the numbers of workers and the rounds; the rest
	// of them is passed on.
	Conditions    report.Conditions
	Options       downloader.Options // for all runs; Mode, Workers and Dir are set for each
	Out           string             // a contender's files are under Out/MODE after the last round, or under Out/MODE-N if there are several numbers of workers
	List          *List
	WorkerCommand []string

	// Reset is called before each run, to bring a server to its first state, and
	// Figures after it, for what the server saw. nil: there is no such server.
	Reset   func(context.Context) error
	Figures func(context.Context) (report.ServerFigures, error)
	// Watch is called when a run starts. Its observer (nil: none) is told of each
	// result, warn (nil: nobody) is as in [downloader.Deps], and stop is called when the
	// run has ended. nil: nobody watches.
	Watch func(name string, counters *live.Counters) (o downloader.Observer, warn func(text string), stop func())
}

// Run runs every contender once to warm up, which does not count, and then in so
// many rounds, in an order that rotates from round to round. It stops after a
// round in which any of them failed: nothing can be ranked then. The error is
// for an experiment that could not go on; what was done is returned with it. It
// is a [*downloader.UsageError] or a [*outdir.LockedError] if nothing was fetched for that.
func Run(ctx context.Context, plan Plan) (report.Experiment, error) {
	plan.Conditions.Type, plan.Conditions.Images = "conditions", plan.List.Len()
	if c := &plan.Conditions; !c.Local {
		c.Latency, c.Jitter, c.Bandwidth, c.Seed, c.Size, c.Faults = 0, 0, 0, 0, "", ""
	}
	e := report.Experiment{Conditions: plan.Conditions}
	kept, err := newStore()
	if err != nil {
		return e, err
	}
	defer kept.close()
	err = plan.run(ctx, kept)
	var unread error
	e.Runs, unread = kept.runs()
	err = errors.Join(err, unread)
	e.Comparison = report.Compare(e.Conditions, e.Runs)
	return e, err
}

func (p *Plan) run(ctx context.Context, kept *store) error {
	release, err := hold(p.Out)
	if err != nil {
		return err
	}
	defer release()
	contenders := p.Conditions.Contenders()
	for _, c := range contenders {
		if err := checkDir(p.dir(c)); err != nil {
			return err
		}
	}
	for _, c := range contenders {
		warmup := report.Run{Type: "run", Mode: c.Mode, Workers: c.Workers, Warmup: true}
		if err := p.add(ctx, kept, &warmup, fmt.Sprintf("%s, warm-up", c)); err != nil {
			return err
		}
	}
	for round := range p.Conditions.Rounds {
		failed := false
		for i := range contenders {
			c := contenders[(i+round)%len(contenders)]
			run := report.Run{Type: "run", Mode: c.Mode, Workers: c.Workers, Round: round}
			if err := p.add(ctx, kept, &run, fmt.Sprintf("%s, round %d", c, round+1)); err != nil {
				return err
			}
			failed = failed || run.Error != ""
		}
		if failed {
			break
		}
	}
	return nil
}

// add makes a run and keeps it, unless it was interrupted.
func (p *Plan) add(ctx context.Context, kept *store, run *report.Run, name string) error {
	err := p.once(ctx, run, name)
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	return errors.Join(err, kept.add(run))
}

// dir is where a contender's files are.
func (p *Plan) dir(c report.Contender) string {
	name := string(c.Mode)
	if len(p.Conditions.Workers) > 1 && c.Mode != downloader.Sequential {
		name = fmt.Sprintf("%s-%d", c.Mode, c.Workers)
	}
	return filepath.Join(p.Out, name)
}
