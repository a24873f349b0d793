package command

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/urfave/cli/v2"

	"grab/config"
	"grab/config/setting"
	"grab/downloader"
	"grab/downloader/internal/child"
	"grab/downloader/internal/sanitize"
	"grab/downloader/list"
	"grab/downloader/live"
	"grab/downloader/progress"
	"grab/downloader/signals"
	"grab/testserver"
)

// resolve reads the settings of cmd, and says what is odd about them.
func (p *program) resolve(c *cli.Context, cmd setting.Command) (config.Config, error) {
	cfg, err := config.Resolve(c, cmd)
	if err != nil {
		return cfg, err
	}
	p.silent = cfg.Silent
	for _, warning := range cfg.Warnings {
		if !cfg.Quiet {
			fmt.Fprintln(p.said, "grab:", warning)
		}
	}
	return cfg, nil
}

// prepare does what download and compare begin with: it reads the settings of cmd,
// opens the live page, listens for SIGQUIT and opens the lists. The caller calls done.
func (p *program) prepare(c *cli.Context, cmd setting.Command) (cfg config.Config, src downloader.Source, done func(), err error) {
	cfg, err = p.resolve(c, cmd)
	if err != nil {
		return cfg, nil, nil, err
	}
	if err := p.loadPlan(cfg); err != nil {
		return cfg, nil, nil, err
	}
	closePage, err := p.openPage(cfg, cmd)
	if err != nil {
		return cfg, nil, nil, err
	}
	questions, ignore := signals.Questions()
	p.questions = questions
	src, closeLists, err := p.open(c.Context, &cfg)
	if err != nil {
		ignore()
		closePage()
		return cfg, nil, nil, err
	}
	return cfg, src, func() { closeLists(); ignore(); closePage() }, nil
}

// open returns the source that the settings name. It replaces folders and patterns in the
// settings by the lists that they stand for.
func (p *program) open(ctx context.Context, cfg *config.Config) (downloader.Source, func(), error) {
	if cfg.Images > 0 {
		return generated(*cfg), func() {}, nil
	}
	if len(cfg.Lists) == 0 {
		return nil, nil, downloader.UsageErrorf("", "no list: name a file of URLs, a URL, or - for standard input; see grab -help")
	}
	lists, err := list.Expand(cfg.Lists)
	if err != nil {
		return nil, nil, config.ExplainListError(err, cfg.Lists)
	}
	cfg.Lists = lists
	fetched, remove, err := fetchLists(ctx, cfg)
	if err != nil {
		return nil, nil, err
	}
	p.fetched = fetched
	how := p.listsOf(*cfg)
	if cfg.FailedList != "" && !cfg.DryRun && list.SameForm(cfg.Lists, how) {
		how.Begin = func(f list.Form) { p.failed.Begin(!f.Format.HasComments(), f.Header) }
		how.Row = func(index int, text []byte) { p.failed.Row(index, text) }
	}
	src, closeLists, err := list.Open(ctx, cfg.Lists, p.stdin, how)
	if err != nil {
		remove()
		return nil, nil, config.ExplainListError(err, cfg.Lists)
	}
	return src, func() { closeLists(); remove() }, nil
}

// listsOf says how the lists are read, and what is said of that with -v.
func (p *program) listsOf(cfg config.Config) list.List {
	how := list.List{Format: list.Format(cfg.ListFormat), URLColumn: cfg.URLColumn, Fetched: p.fetched}
	if cfg.Verbose {
		p.warn = func(text string) { fmt.Fprintln(p.stderr, "grab: "+text) }
		how.Cleaned = func(item downloader.Item, what string) {
			p.warn(fmt.Sprintf("%s: read without %s", sanitize.Text(item.Where(), sanitize.MaxError), what))
		}
		how.Chosen = func(name, column string) {
			p.warn(sanitize.Text(fmt.Sprintf("%s: the URLs are in the column %s", name, column), sanitize.MaxError))
		}
	}
	return how
}

// emptyList is the error of a list without entries, which is nearly always the wrong list,
// or the output of a command that failed.
func emptyList(cfg config.Config) error {
	if cfg.AllowEmpty {
		return nil
	}
	var shown []string
	for _, arg := range cfg.Lists {
		shown = append(shown, sanitize.URL(arg))
	}
	return downloader.UsageErrorf("", "%s: no URL in it; use -allow-empty if that is right", sanitize.Text(strings.Join(shown, ", "), sanitize.MaxError))
}

// generated returns a list of the embedded server's images.
func generated(cfg config.Config) downloader.Source {
	return list.Generate(cfg.Images, func(i int) string { return testserver.SizedImageURL(i, cfg.Size) })
}

// runOptions returns the options of a run. With -local it starts the embedded server,
// and connections to any host go there. The caller closes the server, which is nil
// without -local.
func (p *program) runOptions(ctx context.Context, cfg config.Config) (downloader.Options, *testserver.Spawned, error) {
	opts := cfg.Options
	opts.Workers, opts.Grace = cfg.N[0], drainTime
	opts.UserAgent = cmp.Or(opts.UserAgent, "grab/"+version)
	if !cfg.Local {
		return opts, nil, nil
	}
	server, err := testserver.Spawn(ctx, child.ThisProgram("worker", "serve"), p.serverOptions(cfg))
	if err != nil {
		return opts, nil, err
	}
	opts.DialTo, opts.RootCAs = server.Addr, server.CA
	return opts, server, nil
}

// loadPlan reads the faults of the embedded server, so that a plan that it cannot play is known
// before anything runs.
func (p *program) loadPlan(cfg config.Config) error {
	plan, err := testserver.LoadPlan(cfg.Faults)
	if err != nil {
		return &downloader.UsageError{Source: "-faults", Err: err}
	}
	p.server.Faults = plan
	return nil
}

// serverOptions translates the settings for the embedded server.
func (p *program) serverOptions(cfg config.Config) testserver.Options {
	o := p.server
	o.Latency, o.Jitter, o.Bandwidth, o.Seed = cfg.Latency, cfg.Jitter, cfg.Bandwidth, cfg.Seed
	return o
}

// display shows a run on standard error, in the style that the settings name, and
// answers SIGQUIT. The caller calls stop.
func (p *program) display(cfg config.Config, name string, counters *live.Counters) (d *progress.Display, stop func()) {
	style := progress.Style(cfg.Progress).Choose(p.stderr, os.Getenv)
	if cfg.Quiet {
		style = progress.None
	}
	said := p.said
	if cfg.Silent {
		said = io.Discard
	}
	d = progress.Start(said, style, name, cfg.Verbose, counters)
	return d, d.Answer(p.questions)
}
