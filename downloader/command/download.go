package command

import (
	"context"
	"errors"
	"fmt"

	"github.com/urfave/cli/v2"

	"grab/config"
	"grab/config/setting"
	"grab/downloader"
	"grab/downloader/batch"
	"grab/downloader/engine"
	"grab/downloader/imagefile"
	"grab/downloader/internal/child"
	"grab/downloader/internal/machine"
	"grab/downloader/live"
	"grab/downloader/manifest"
	"grab/downloader/outdir"
	"grab/downloader/report/text"
	"grab/downloader/web"
)

// download fetches the lists.
func (p *program) download(c *cli.Context) error {
	program := c.Context
	ctx, stopRun := context.WithCancelCause(program)
	c.Context = ctx // a limit ends the run, and not the program
	defer stopRun(nil)
	cfg, src, done, err := p.prepare(c, setting.Download)
	if err != nil {
		return err
	}
	defer done()
	if src, err = named(cfg, src); err != nil {
		return err
	}
	part := &batch.Part{Number: cfg.Part.Number, Of: cfg.Part.Of, ByHost: cfg.PartBy == "host"}
	src, cfg.Options.Dir = part.Take(src), part.Dir(cfg.Options.Dir)
	if cfg.DryRun {
		return p.dryRun(c.Context, cfg, part, src)
	}
	opts, server, err := p.runOptions(c.Context, cfg)
	if err != nil {
		return err
	}
	defer server.Close()
	machine.TuneMemory(opts.Workers, manifest.Memory(opts.Dir))
	out, err := p.openOutput(cfg, &opts)
	if err != nil {
		return err
	}
	// Run reports every failed write, and with -durable every failed sync. Without it,
	// the sync on closing may fail: some file systems have none.
	defer func() { _ = out.Close() }()

	how := p.listsOf(cfg)
	counters, failures := &live.Counters{}, &text.Failures{Dir: opts.Dir}
	defer expect(c.Context, cfg, how, part, &counters.Total)()
	display, stop := p.display(cfg, string(opts.Mode), counters)
	p.warn = display.Warn
	extra, err := p.startScripted(program, cfg, &opts, counters, stopRun)
	if err != nil {
		stop()
		return err
	}
	alike := batch.NewAlike()
	watched, over := p.showOnPage(web.Run{Name: string(opts.Mode), Mode: opts.Mode, Workers: opts.Workers, Counters: counters})
	observers := append(append([]downloader.Observer{failures, display, alike}, extra.observers...), watched...)
	if cfg.JSON {
		observers = append(observers, text.NewJSONLines(p.stdout))
	}
	d, err := engine.New(opts, engine.Deps{
		Output: out, Observers: observers, Counters: counters,
		WorkerCommand: child.ThisProgram("worker"), Warn: display.Warn, Cookies: extra.cookies,
	})
	if err != nil {
		stop()
		return errors.Join(err, extra.close())
	}
	if !cfg.Quiet {
		defer context.AfterFunc(program, func() { display.Interrupted(drainTime) })()
	}
	if !cfg.Local {
		src = warnOfSecrets(src, opts.Header, display.Warn)
	}
	summary, err := d.Run(c.Context, extra.watch(src))
	over()
	summary.Alike = alike.Most()
	summary.Earlier, summary.Stopped = out.Earlier(), stoppedBy(c.Context, cfg, how, part, &summary)
	if unwritten := extra.end(&summary, err, display.Warn); err == nil {
		err = unwritten
	}
	if n, why := out.Unshared(); n > 0 && cfg.Verbose {
		display.Warn(fmt.Sprintf("-dedupe: %d images with the bytes of others have files of their own: %v", n, why))
	}
	stop()
	if err == nil && summary.Total == 0 && !part.Listed && c.Context.Err() == nil {
		err = emptyList(cfg)
	}
	if p.exit = downloadExit(summary, opts.GoneFor > 0); extra.left {
		p.exit = exitFailed
	}
	if writeErr := p.writeSummary(c.Context, cfg, summary, failures, err); err == nil {
		err = writeErr
	}
	return err
}

// openOutput opens the output directory, and says what is wrong with its manifest. The caller
// closes it.
func (p *program) openOutput(cfg config.Config, opts *downloader.Options) (*outdir.Dir, error) {
	out, err := outdir.Open(opts.Dir, outdir.Options{
		Durable: opts.Durable, Verify: opts.Verify, Decode: imagefile.NewLimits(opts.MaxPixels, opts.DecodeMemory),
		Adopt: opts.Adopt, Dedupe: cfg.Dedupe,
	})
	if is[*outdir.LockedError](err) {
		return nil, err
	}
	if err != nil {
		return nil, &downloader.UsageError{Source: "-out", Err: err}
	}
	if lines, n := out.Damaged(); n > 0 && !cfg.Silent {
		fmt.Fprintf(p.said, "grab: %d damaged lines in the manifest, the first at %v: their images are fetched again\n", n, lines)
	}
	return out, nil
}

// downloadExit is the exit code of a run that reached its end. Who leaves gone images
// alone wants to hear of new failures, and so known ones have a code of their own.
func downloadExit(s downloader.Summary, goneLeftAlone bool) int {
	switch {
	case s.Stopped != "":
		return exitFailed
	case s.Complete():
		return 0
	case goneLeftAlone && s.Canceled == 0 && s.Failed == s.Known:
		return exitKnown
	}
	return exitFailed
}

// writeSummary reports a download that has ended. runErr is what ended it early,
// nil for nothing.
func (p *program) writeSummary(ctx context.Context, cfg config.Config, s downloader.Summary, failures *text.Failures, runErr error) error {
	if s.Stopped != "" && !cfg.Silent {
		fmt.Fprintf(p.said, "grab: stopped early: %s; the same command goes on from here\n", s.Stopped)
	}
	switch {
	case cfg.JSON:
		return text.WriteSummaryJSON(p.stdout, s, p.exitCode(ctx, runErr))
	case cfg.Silent, runErr != nil && s.Total == 0:
		return nil
	case !cfg.Quiet:
		return text.WriteSummary(p.shown, s, failures)
	case runErr != nil, p.exit == exitKnown: // the error says what failed; nothing new has failed
		return nil
	default:
		return text.WriteFailures(p.said, s, failures)
	}
}
