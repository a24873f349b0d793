package compare

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"grab/downloader/internal/group"
	"grab/downloader/internal/machine"
	"grab/downloader/live"
	"grab/downloader/report"
)

// runProgram runs another program over the list. Its time is that of its process, from start to
// end. It returns only errors that would hit every other run as well.
func (p *Plan) runProgram(ctx context.Context, program *Program, run *report.Run, name string) error {
	dir, err := openLeft(p.Out, p.dir(run.Contender()))
	if err != nil {
		return err
	}
	defer func() { _ = dir.close() }()
	if err := dir.empty(); err != nil {
		return err
	}
	scratch, err := os.MkdirTemp("", "grab-with-")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(scratch) }()
	cmd, err := program.command(ctx, run.Workers, scratch, p.List.urls(p.Options.DialTo), p.Options.RootCAs)
	if err != nil {
		return err
	}
	complaints, err := os.Create(filepath.Join(scratch, "stderr.txt"))
	if err != nil {
		return err
	}
	defer func() { _ = complaints.Close() }()
	cmd.Dir, cmd.Stderr = dir.path, complaints

	counters := &live.Counters{}
	counters.Total.Store(int64(p.List.Len()))
	stop := func() {}
	if p.Watch != nil {
		_, _, stop = p.Watch(name, run.Contender(), counters)
	}
	defer func() { stop() }()
	if err := p.reset(ctx); err != nil {
		return err
	}
	before := busyTime()
	run.Started = time.Now()
	peak, ended := measured(cmd)
	run.Seconds = time.Since(run.Started).Seconds()
	busy := busyTime() - before
	if cmd.ProcessState != nil {
		group.Kill(cmd) // what goes on behind its back
		usage := machine.Of(cmd.ProcessState)
		run.CPUSeconds, run.ContextSwitches = usage.CPU.Seconds(), usage.Switches
		busy -= usage.CPU
	}
	run.PeakRSSBytes = peak
	run.Listed, run.Total = p.List.Len(), p.List.Len()
	if run.Images, err = dir.find(p.reference); err != nil {
		return err
	}
	if err := dir.note(); err != nil {
		return err
	}
	for _, image := range run.Images {
		run.Bytes += image.Bytes
	}
	run.OK, run.Failed = len(run.Images), run.Total-len(run.Images)
	counters.OK.Store(int64(run.OK))
	counters.Failed.Store(int64(run.Failed))
	run.Error = p.shortfall(run, ended, complaints)
	return p.countServer(ctx, run, busy)
}

// shortfall says why a program's run does not count, or returns "".
func (p *Plan) shortfall(run *report.Run, ended error, complaints *os.File) string {
	var reasons []string
	if ended != nil {
		reasons = append(reasons, ended.Error())
	}
	if len(p.reference) == 0 {
		reasons = append(reasons, "there is nothing to compare its files with: none of grab's modes fetched every image")
	} else if run.Failed > 0 {
		reasons = append(reasons, fmt.Sprintf("of %d images, %d are not among its files, e.g. %s", run.Total, run.Failed, p.List.without(run.Images)))
	}
	if last := lastLine(complaints); len(reasons) > 0 && last != "" {
		reasons = append(reasons, "it said: "+last)
	}
	return strings.Join(reasons, "; ")
}
