package compare

import (
	"context"
	"fmt"
	"path/filepath"
	"time"

	"grab/downloader"
	"grab/downloader/live"
	"grab/downloader/report"
)

// Plan says what to compare.
type Plan struct {
	// Conditions set the modes, the numbers of workers and the rounds. The other fields are only
	// copied to the experiment.
	Conditions report.Conditions
	Options    downloader.Options // of all runs; Mode, Workers and Dir are set for each
	// Out is the output directory. The files of a contender's last round are in Out/MODE, or in
	// Out/MODE-N if there are several numbers of workers. Other programs have their names for MODE.
	Out           string
	List          *List
	WorkerCommand []string
	Programs      []Program // contend as well; Conditions.With describes them

	// Reset, unless nil, returns the server to its initial state before each run. Figures, unless
	// nil, returns what the server counted during the run.
	Reset   func(context.Context) error
	Figures func(context.Context) (report.ServerFigures, error)
	// Watch, unless nil, is called when a run starts. It may return observers of the results, and
	// a function for warnings as in [engine.Deps]. It must return stop, which is called when
	// the run has ended.
	Watch func(name string, c report.Contender, counters *live.Counters) (o []downloader.Observer, warn func(text string), stop func())
	// Ran, unless nil, is called with each run that has ended and was not interrupted.
	Ran func(*report.Run)

	reference []report.Image // of the first run of a mode that fetched everything
}

// dir returns the directory for a contender's files.
func (p *Plan) dir(c report.Contender) string {
	name := string(c.Mode)
	if len(p.Conditions.Workers) > 1 && c.Mode != downloader.Sequential && c.Workers > 0 {
		name = fmt.Sprintf("%s-%d", c.Mode, c.Workers)
	}
	return filepath.Join(p.Out, name)
}

// program returns the program that a contender is, or nil if it is a mode.
func (p *Plan) program(c report.Contender) *Program {
	for i := range p.Programs {
		if p.Programs[i].Name == string(c.Mode) {
			return &p.Programs[i]
		}
	}
	return nil
}

// reset returns the server to its initial state.
func (p *Plan) reset(ctx context.Context) error {
	if p.Reset == nil {
		return nil
	}
	if err := p.Reset(ctx); err != nil {
		return fmt.Errorf("reset the server: %w", err)
	}
	return nil
}

// countServer adds what the server counted to a run. busy is the CPU time of all other programs.
func (p *Plan) countServer(ctx context.Context, run *report.Run, busy time.Duration) error {
	if p.Figures != nil && ctx.Err() == nil {
		figures, err := p.Figures(ctx)
		if err != nil {
			return fmt.Errorf("get the server's counts: %w", err)
		}
		run.Server = &figures
		busy -= time.Duration(figures.CPUSeconds * float64(time.Second))
	}
	run.OtherCPUSeconds = max(0, busy).Seconds()
	return nil
}
