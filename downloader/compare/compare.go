// Package compare runs the experiment: every mode fetches the same list, in several rounds, under
// the same conditions.
package compare

import (
	"context"
	"errors"
	"fmt"

	"grab/downloader/report"
)

// Run runs every contender once to warm up, which does not count, and then in each round. The
// order of the contenders rotates from round to round. After a round in which one of them failed
// it runs no more, since nothing could be ranked.
//
// The error says why the experiment could not continue; the experiment has the runs that were
// done. If the output directory cannot be used, the error is a [*downloader.UsageError] or a
// [*outdir.LockedError], and nothing was fetched.
func Run(ctx context.Context, plan Plan) (report.Experiment, error) {
	plan.Conditions.Type, plan.Conditions.Images = "conditions", plan.List.Len()
	if c := &plan.Conditions; !c.Local {
		c.Latency, c.Jitter, c.Bandwidth, c.Seed, c.Size, c.Faults = 0, 0, 0, 0, "", ""
	}
	e := report.Experiment{Conditions: plan.Conditions}
	done, err := newStore()
	if err != nil {
		return e, err
	}
	defer func() { _ = done.close() }()
	err = plan.runAll(ctx, done)
	var unread error
	e.Runs, unread = done.runs()
	err = errors.Join(err, unread)
	e.Comparison = report.Compare(e.Conditions, e.Runs)
	return e, err
}

func (p *Plan) runAll(ctx context.Context, done *store) error {
	release, err := lockDir(p.Out)
	if err != nil {
		return err
	}
	defer func() { _ = release() }()
	contenders := p.Conditions.Contenders()
	for _, c := range contenders {
		if err := p.checkDir(c); err != nil {
			return err
		}
	}
	for _, c := range contenders {
		warmup := report.Run{Type: "run", Mode: c.Mode, Workers: c.Workers, Warmup: true}
		if err := p.runInto(ctx, done, &warmup, fmt.Sprintf("%s, warm-up", c)); err != nil {
			return err
		}
	}
	for round := range p.Conditions.Rounds {
		failed := false
		for i := range contenders {
			c := contenders[(i+round)%len(contenders)]
			run := report.Run{Type: "run", Mode: c.Mode, Workers: c.Workers, Round: round}
			if err := p.runInto(ctx, done, &run, fmt.Sprintf("%s, round %d of %d", c, round+1, p.Conditions.Rounds)); err != nil {
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

// runInto makes a run and stores it. A run that was interrupted is not stored.
func (p *Plan) runInto(ctx context.Context, done *store, run *report.Run, name string) error {
	err := p.runOnce(ctx, run, name)
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	if p.Ran != nil && err == nil {
		p.Ran(run)
	}
	return errors.Join(err, done.add(run))
}
