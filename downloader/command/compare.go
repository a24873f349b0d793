package command

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"time"

	"github.com/urfave/cli/v2"

	"grab/config"
	"grab/config/setting"
	"grab/downloader"
	"grab/downloader/compare"
	"grab/downloader/internal/child"
	"grab/downloader/internal/machine"
	"grab/downloader/live"
	"grab/downloader/report"
	"grab/downloader/web"
)

// compare runs the experiment, or one for each point of a sweep.
func (p *program) compare(c *cli.Context) error {
	cfg, src, done, err := p.prepare(c, setting.Compare)
	if err != nil {
		return err
	}
	defer done()
	points, err := cfg.Points()
	if err != nil {
		return err
	}
	list, err := compare.ReadList(src)
	if err != nil {
		return err
	}
	if list.Len() == 0 && c.Context.Err() == nil {
		if err := emptyList(cfg); err != nil {
			return err
		}
	}
	out, err := p.output(cfg)
	if err != nil {
		return err
	}
	defer out.Close()
	programs, err := others(cfg)
	if err != nil {
		return err
	}
	for _, point := range points {
		machine.TuneMemory(slices.Max(point.N), 0)
		if point.Images > 0 { // each point may have its own image size
			if list, err = compare.ReadList(generated(point)); err != nil {
				return err
			}
		}
		var e report.Experiment
		e, err = p.experiment(c.Context, point, list, programs)
		if len(e.Runs) > 0 { // an experiment that ended early is shown as well
			err = errors.Join(err, out.Show(e))
		}
		if err != nil {
			break
		}
	}
	if !out.Ranked() {
		p.exit = exitFailed
	}
	return errors.Join(err, out.Finish(nil))
}

// experiment compares the modes under one set of conditions.
func (p *program) experiment(ctx context.Context, cfg config.Config, list *compare.List, programs []compare.Program) (report.Experiment, error) {
	opts, server, err := p.runOptions(ctx, cfg)
	if err != nil {
		return report.Experiment{}, err
	}
	defer server.Close()
	watch := func(name string, c report.Contender, counters *live.Counters) ([]downloader.Observer, func(string), func()) {
		display, stop := p.display(cfg, name, counters)
		watched, over := p.showOnPage(web.Run{Name: pointOf(cfg) + name, Mode: c.Mode, Workers: c.Workers, Counters: counters})
		return append(watched, display), display.Warn, func() { over(); stop() }
	}
	plan := compare.Plan{
		Conditions: conditions(cfg), Options: opts, Out: opts.Dir, List: list,
		WorkerCommand: child.ThisProgram("worker"), Programs: programs, Watch: watch,
	}
	plan.Ran = func(r *report.Run) { p.showRan(pointOf(cfg), r, plan.Conditions.Rounds) }
	if server != nil {
		plan.Reset = server.Reset
		plan.Figures = func(ctx context.Context) (report.ServerFigures, error) {
			l, err := server.Figures(ctx)
			return report.ServerFigures{Requests: l.Total, Connections: l.Connections, PeakInFlight: l.PeakInFlight, CPUSeconds: l.CPUSeconds}, err
		}
	}
	return compare.Run(ctx, plan)
}

// conditions translates the settings for the report.
func conditions(cfg config.Config) report.Conditions {
	c := report.Conditions{
		Version: version, Started: time.Now(), Machine: compare.Machine(), Local: cfg.Local, Verify: string(cfg.Options.Verify),
		Latency: cfg.Latency.Seconds(), Jitter: cfg.Jitter.Seconds(), Bandwidth: cfg.Bandwidth, Seed: cfg.Seed, Size: cfg.Size,
		Faults: cfg.Faults, HTTP1: cfg.Options.HTTP1, HTTP2: cfg.Options.HTTP2, Durable: cfg.Options.Durable, Rounds: cfg.Rounds,
		Modes: cfg.Modes, Workers: cfg.N, Preset: cfg.Preset, Sweep: cfg.Sweep.String(),
	}
	for _, w := range cfg.With {
		c.With = append(c.With, report.Program{Name: w.Name, Command: w.Command})
	}
	c.Rounds = cmp.Or(c.Rounds, c.EnoughRounds())
	return c
}

// others returns the other programs of a comparison.
func others(cfg config.Config) ([]compare.Program, error) {
	var programs []compare.Program
	for _, w := range cfg.With {
		program, err := compare.NewProgram(w.Name, w.Words)
		if err != nil {
			return nil, &downloader.UsageError{Source: "-with", Err: err}
		}
		programs = append(programs, program)
	}
	return programs, nil
}
