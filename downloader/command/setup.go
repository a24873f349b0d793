package command

import (
	"cmp"
	"context"
	"errors"
	"io/fs"
	"os"

	"github.com/urfave/cli/v2"

	"grab/config"
	"grab/downloader"
	"grab/downloader/internal/child"
	"grab/downloader/list"
	"grab/downloader/live"
	"grab/downloader/progress"
	"grab/downloader/signals"
	"grab/testserver"
)

// prepare does what download and compare begin with: it reads the settings of cmd,
// listens for SIGQUIT and opens the lists. The caller calls done.
func (p *program) prepare(c *cli.Context, cmd config.Command) (cfg config.Config, src downloader.Source, done func(), err error) {
	cfg, err = config.Resolve(c, cmd)
	if err != nil {
		return cfg, nil, nil, err
	}
	questions, ignore := signals.Questions()
	p.questions = questions
	src, closeLists, err := p.open(c.Context, cfg)
	if err != nil {
		ignore()
		return cfg, nil, nil, err
	}
	return cfg, src, func() { closeLists(); ignore() }, nil
}

// open returns the source that the settings name.
func (p *program) open(ctx context.Context, cfg config.Config) (downloader.Source, func(), error) {
	if cfg.Images > 0 {
		return generated(cfg), func() {}, nil
	}
	if len(cfg.Lists) == 0 {
		return nil, nil, usageError("", "no list: name a file of URLs, a URL, or - for standard input; grab -help tells more")
	}
	src, closeLists, err := list.Open(ctx, cfg.Lists, p.stdin)
	if path, ok := errors.AsType[*fs.PathError](err); ok {
		err = config.NoSuchList(path, path.Path == cfg.Lists[0])
	}
	return src, closeLists, err
}

// generated returns a list of the embedded server's images.
func generated(cfg config.Config) downloader.Source {
	return list.Generate(cfg.Images, func(i int) string { return testserver.SizedImageURL(i, cfg.Size) })
}

// engineOptions translates the settings for the engine. With -local it starts the
// embedded server, and connections to any host go there. The caller closes the
// server, which is nil without -local.
func (p *program) engineOptions(ctx context.Context, cfg config.Config) (downloader.Options, *testserver.Spawned, error) {
	failed, err := downloader.ParseClasses(cfg.RetryFailed)
	if err != nil {
		return downloader.Options{}, nil, usageError("-retry-failed", "%v", err)
	}
	opts := downloader.Options{
		Mode: downloader.Mode(cfg.Mode), Workers: cfg.N[0], Dir: cfg.Out,
		ConnectTimeout: cfg.ConnectTimeout, HeaderTimeout: cfg.HeaderTimeout, StallTimeout: cfg.StallTimeout, MinSpeed: cfg.MinSpeed,
		Timeout: cfg.Timeout, Grace: drainTime, Retries: cfg.Retries,
		RetryMin: cfg.RetryMin, RetryMax: cfg.RetryMax, RetryAfterMax: cfg.RetryAfterMax,
		MaxSize: cfg.MaxSize, MaxRedirects: cfg.MaxRedirects, Header: cfg.Header, UserAgent: cmp.Or(cfg.UserAgent, "grab/"+version),
		HTTP1: cfg.HTTP1, Insecure: cfg.Insecure, DenyPrivate: cfg.DenyPrivate, Verify: downloader.Verify(cfg.Verify), MaxPixels: cfg.MaxPixels,
		Force: cfg.Force, RetryFailed: failed, Check: cfg.Check, Durable: cfg.Durable,
	}
	if !cfg.Local {
		return opts, nil, nil
	}
	serverOpts, err := serverOptions(cfg)
	if err != nil {
		return opts, nil, err
	}
	server, err := testserver.Spawn(ctx, child.ThisProgram("worker", "serve"), serverOpts)
	if err != nil {
		return opts, nil, err
	}
	opts.DialTo, opts.RootCAs = server.Addr, server.CA
	return opts, server, nil
}

// serverOptions translates the settings for the embedded server.
func serverOptions(cfg config.Config) (testserver.Options, error) {
	plan, err := testserver.LoadPlan(cfg.Faults)
	if err != nil {
		err = usageError("-faults", "%v", err)
	}
	return testserver.Options{Latency: cfg.Latency, Jitter: cfg.Jitter, Bandwidth: cfg.Bandwidth, Seed: cfg.Seed, Faults: plan}, err
}

// display shows a run on standard error, in the style that the settings name, and
// answers SIGQUIT. The caller calls stop.
func (p *program) display(cfg config.Config, name string, counters *live.Counters) (d *progress.Display, stop func()) {
	style := progress.Style(cfg.Progress).Choose(p.stderr, os.Getenv)
	if cfg.Quiet {
		style = progress.None
	}
	d = progress.Start(p.stderr, style, name, cfg.Verbose, counters)
	return d, d.Answer(p.questions)
}
