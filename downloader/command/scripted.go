package command

import (
	"cmp"
	"context"
	"errors"
	"os/exec"
	"sync"
	"sync/atomic"

	"grab/config"
	"grab/downloader"
	"grab/downloader/batch"
	"grab/downloader/list"
	"grab/downloader/live"
)

// scripted is what a download has that nobody watches: a list of failures, a log, commands,
// limits and a file of cookies. The fields that the settings do not name are nil.
type scripted struct {
	failed    *batch.FailedList
	log       *batch.Log
	commands  *batch.Commands
	left      bool // some images are without their command
	untimed   func()
	cookies   func(text string) // gets the cookies at the end of the run
	unsaved   error             // why they are not in their file
	observers []downloader.Observer
}

// startScripted opens the files that the settings name. It calls stop when the run reaches a
// limit. When ctx ends, no more commands are run. The caller calls end.
func (p *program) startScripted(ctx context.Context, cfg config.Config, opts *downloader.Options, counters *live.Counters, stop func(cause error)) (s *scripted, err error) {
	s = &scripted{untimed: func() {}}
	if cfg.FailedList != "" {
		if s.failed, err = batch.NewFailedList(cfg.FailedList, cfg.Lists); err != nil {
			return nil, &downloader.UsageError{Source: "-failed", Err: err}
		}
		s.observers, p.failed = append(s.observers, s.failed), s.failed
	}
	if cfg.Log != "" {
		if s.log, err = batch.OpenLog(cfg.Log); err != nil {
			return nil, errors.Join(&downloader.UsageError{Source: "-log", Err: err}, s.close())
		}
		s.log.Begin(opts, cfg.Lists)
		s.observers = append(s.observers, s.log)
	}
	if cfg.SaveCookies != "" {
		s.cookies = func(text string) { s.unsaved = replaceFile(cfg.SaveCookies, text) }
	}
	if len(cfg.Exec) > 0 {
		if _, err := exec.LookPath(cfg.Exec[0]); err != nil {
			return nil, errors.Join(&downloader.UsageError{Source: "-exec", Err: err}, s.close())
		}
		s.commands = batch.NewCommands(ctx, cfg.Exec, opts.Dir, p.stderr)
		s.observers = append(s.observers, s.commands)
	}
	limits := batch.Limits{Images: cfg.MaxImages, Bytes: cfg.MaxBytes, Time: cfg.MaxTime, Failures: cfg.MaxFailures}
	if limits.Any() {
		var budget *batch.Budget
		budget, s.untimed = batch.NewBudget(limits, &counters.Bytes, stop)
		s.observers = append(s.observers, budget)
	}
	return s, nil
}

// watch returns src, from which the list of failures has its URLs.
func (s *scripted) watch(src downloader.Source) downloader.Source {
	if s.failed == nil {
		return src
	}
	return s.failed.Watch(src)
}

// end waits for the commands, and closes the files. A list of failures that is not whole is an
// error, and so are cookies that were not saved. Commands that failed and a log that is not
// whole are worth a warning.
func (s *scripted) end(summary *downloader.Summary, broken error, warn func(string)) error {
	s.untimed()
	if s.commands != nil {
		if left := s.commands.End(); left != "" {
			warn(left)
			s.left = true
		}
	}
	if s.log != nil {
		s.log.End(summary, broken)
		if err := s.log.Close(); err != nil {
			warn(err.Error())
		}
	}
	return cmp.Or(s.unsaved, s.close())
}

func (s *scripted) close() error {
	if s.failed == nil {
		return nil
	}
	return s.failed.Close()
}

// stoppedBy returns the limit that ended a run before it was through with its list, or "".
func stoppedBy(ctx context.Context, cfg config.Config, how list.List, part *batch.Part, s *downloader.Summary) string {
	reached, ok := errors.AsType[*batch.Reached](context.Cause(ctx))
	if !ok {
		return ""
	}
	if s.Canceled == 0 && s.Total == count(context.WithoutCancel(ctx), cfg, how, part) { // the last image was the one that reached it
		return ""
	}
	return reached.Limit
}

// count returns how many entries a run has, or 0 for not known.
func count(ctx context.Context, cfg config.Config, how list.List, part *batch.Part) int {
	if cfg.Images > 0 {
		return part.Count(cfg.Images)
	}
	return part.Count(list.Count(ctx, cfg.Lists, how))
}

// expect counts the entries of a run in the background, and sets total. The caller calls stop,
// which ends the count and waits for it.
func expect(ctx context.Context, cfg config.Config, how list.List, part *batch.Part, total *atomic.Int64) (stop func()) {
	ctx, cancel := context.WithCancel(ctx)
	var counting sync.WaitGroup
	counting.Go(func() { total.Store(int64(count(ctx, cfg, how, part))) })
	return func() { cancel(); counting.Wait() }
}

// dryRun says what a download would do.
func (p *program) dryRun(ctx context.Context, cfg config.Config, part *batch.Part, src downloader.Source) error {
	f, err := batch.NewForecast(ctx, &cfg.Options, src)
	switch {
	case err != nil, ctx.Err() != nil:
		return err
	case f.Listed == 0 && !part.Listed && emptyList(cfg) != nil:
		return emptyList(cfg)
	case cfg.JSON:
		return f.WriteJSON(p.stdout)
	}
	return f.Write(p.shown)
}
