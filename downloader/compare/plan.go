package compare

import (
	"context"
	"fmt"
	"path/filepath"

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
	// Out/MODE-N if there are several numbers of workers.
	Out           string
	List          *List
	WorkerCommand []string

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
}

// dir returns the directory for a contender's files.
func (p *Plan) dir(c report.Contender) string {
	name := string(c.Mode)
	if len(p.Conditions.Workers) > 1 && c.Mode != downloader.Sequential {
		name = fmt.Sprintf("%s-%d", c.Mode, c.Workers)
	}
	return filepath.Join(p.Out, name)
}
