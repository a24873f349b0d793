package command

import (
	"context"
	"fmt"

	"github.com/urfave/cli/v2"

	"grab/config"
	"grab/downloader"
	"grab/downloader/engine"
	"grab/downloader/imagefile"
	"grab/downloader/internal/child"
	"grab/downloader/internal/machine"
	"grab/downloader/list"
	"grab/downloader/live"
	"grab/downloader/manifest"
	"grab/downloader/outdir"
	"grab/downloader/report/text"
)

// download fetches the lists.
func (p *program) download(c *cli.Context) error {
	cfg, src, done, err := p.prepare(c, config.Download)
	if err != nil {
		return err
	}
	defer done()
	opts, server, err := p.runOptions(c.Context, cfg)
	if err != nil {
		return err
	}
	defer server.Close()
	machine.TuneMemory(manifest.Memory(opts.Dir))
	out, err := outdir.Open(opts.Dir, outdir.Options{
		Durable: opts.Durable, Verify: opts.Verify, Decode: imagefile.NewLimits(opts.MaxPixels, opts.DecodeMemory), Adopt: opts.Adopt,
	})
	if is[*outdir.LockedError](err) {
		return err
	}
	if err != nil {
		return &downloader.UsageError{Source: "-out", Err: err}
	}
	// Run reports every failed write, and with -durable every failed sync. Without it,
	// the sync on closing may fail: some file systems have none.
	defer func() { _ = out.Close() }()
	if lines, n := out.Damaged(); n > 0 && !cfg.Silent {
		fmt.Fprintf(p.said, "grab: %d damaged lines in the manifest, the first at %v: their images are fetched again\n", n, lines)
	}

	counters, failures := &live.Counters{}, &text.Failures{Dir: opts.Dir}
	counters.Total.Store(int64(cfg.Images))
	defer list.Expect(c.Context, cfg.Lists, p.listsOf(cfg), &counters.Total)()
	display, stop := p.display(cfg, string(opts.Mode), counters)
	p.warn = display.Warn
	observers := []downloader.Observer{failures, display}
	if cfg.JSON {
		observers = append(observers, text.NewJSONLines(p.stdout))
	}
	d, err := engine.New(opts, engine.Deps{
		Output: out, Observers: observers, Counters: counters,
		WorkerCommand: child.ThisProgram("worker"), Warn: display.Warn,
	})
	if err != nil {
		stop()
		return err
	}
	if !cfg.Quiet {
		defer context.AfterFunc(c.Context, func() { display.Interrupted(drainTime) })()
	}
	if !cfg.Local {
		src = warnOfSecrets(src, opts.Header, display.Warn)
	}
	summary, err := d.Run(c.Context, src)
	stop()
	summary.Earlier = out.Earlier()
	if err == nil && summary.Total == 0 && c.Context.Err() == nil {
		err = emptyList(cfg)
	}
	p.exit = downloadExit(summary, opts.GoneFor > 0)
	if writeErr := p.writeSummary(c.Context, cfg, summary, failures, err); err == nil {
		err = writeErr
	}
	return err
}

// downloadExit is the exit code of a run that reached its end. Who leaves gone images
// alone wants to hear of new failures, and so known ones have a code of their own.
func downloadExit(s downloader.Summary, goneLeftAlone bool) int {
	switch {
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
