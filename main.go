// Command grab fetches lists of images: one after another, in a pool of
// goroutines or in a pool of child processes, and compares the times.
package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log"
	"os"
	"time"

	"github.com/urfave/cli/v2"

	"grab/config"
	"grab/downloader"
	"grab/downloader/compare"
	"grab/downloader/manifest"
	"grab/downloader/progress"
	"grab/downloader/report"
	"grab/downloader/report/output"
	"grab/downloader/report/text"
	"grab/downloader/signals"
	"grab/testserver"
)

// version is what -version and the User-Agent say.
const version = "0.1.0"

// drainTime is how long an interrupted run may take to finish what is in flight.
const drainTime = 5 * time.Second

// Exit codes other than 0 and those of signals; docs/CLI.md has the table.
const (
	exitFailed   = 1 // some images failed
	exitUsage    = 2 // usage, configuration or list; nothing was fetched
	exitStorage  = 3 // the local disk failed
	exitLocked   = 4 // another grab works in the output directory
	exitInternal = 5
)

func main() {
	os.Exit((&program{stdin: os.Stdin, stdout: os.Stdout, stderr: os.Stderr}).run(os.Args))
}

// program is what the commands share.
type program struct {
	stdin, stdout, stderr *os.File
	asked                 <-chan os.Signal // what is in flight
	exit                  int
}

// run is the whole program; it returns the exit code.
func (p *program) run(args []string) int {
	log.SetOutput(io.Discard) // net/http tells of servers' bad manners there
	downloader.TuneMemory(0)
	ctx, stop := signals.Context(context.Background())
	defer stop()
	app := config.App(version, map[config.Command]cli.ActionFunc{config.Download: p.download, config.Compare: p.compare, config.Report: p.report, config.Serve: p.serve}, p.worker)
	app.Writer, app.ErrWriter = p.stdout, p.stderr
	args, err := config.Arrange(args, app)
	if err == nil {
		err = app.RunContext(ctx, args)
	}
	if err != nil {
		fmt.Fprintln(p.stderr, "grab:", err)
	}
	return p.exitCode(ctx, err)
}

// exitCode is the program's exit code after a command that returned err.
func (p *program) exitCode(ctx context.Context, err error) int {
	if sig, ok := errors.AsType[signals.Interrupted](context.Cause(ctx)); ok {
		return sig.ExitCode()
	}
	_, usage := errors.AsType[*config.Error](err)
	_, list := errors.AsType[*downloader.ListError](err)
	_, path := errors.AsType[*fs.PathError](err)
	path = path && !errors.Is(err, downloader.ClassWorkerLost) // whose path is the program's
	_, locked := errors.AsType[*manifest.LockedError](err)
	switch {
	case usage || list:
		return exitUsage
	case locked:
		return exitLocked
	case path || errors.Is(err, downloader.ClassDiskFull) || errors.Is(err, downloader.ClassIO):
		return exitStorage
	case err != nil:
		return exitInternal
	}
	return p.exit
}

// usageError is a mistake of the user's that config cannot know.
func usageError(source, format string, args ...any) error {
	return &config.Error{Source: source, Reason: fmt.Sprintf(format, args...)}
}

// serve runs the embedded server until a signal.
func (p *program) serve(c *cli.Context) error {
	cfg, err := config.Resolve(c, config.Serve)
	if err != nil {
		return err
	}
	opts, err := serverOptions(cfg)
	if err != nil {
		return err
	}
	if cfg.Verbose {
		opts.Log = p.stderr
	}
	server, err := testserver.New(opts)
	if err != nil {
		return err
	}
	if err := server.Start(cfg.Addr); err != nil {
		return usageError("-addr", "%v", err)
	}
	defer server.Close()
	if !cfg.Quiet || cfg.JSON {
		if err := server.Announce(p.stdout, cfg.JSON); err != nil {
			return err
		}
	}
	return server.ShutdownAfter(c.Context, drainTime)
}

// worker is a child: of -mode process, or with the argument "serve" the embedded
// server of -local. Its parent ends it by closing its input; the signals of the
// terminal are for the parent.
func (p *program) worker(c *cli.Context) error {
	signals.LeaveToParent()
	out := p.stdout
	os.Stdout = os.Stderr // nothing but frames on the pipe
	if c.Args().First() == "serve" {
		return testserver.ServeSpawned(p.stdin, out)
	}
	return downloader.ServeWorker(context.WithoutCancel(c.Context), p.stdin, out)
}

// download fetches the lists.
func (p *program) download(c *cli.Context) error {
	cfg, err := config.Resolve(c, config.Download)
	if err != nil {
		return err
	}
	questions, unasked := signals.Questions() // SIGQUIT asks what is in flight
	defer unasked()
	p.asked = questions
	src, closeLists, err := p.open(c.Context, cfg)
	if err != nil {
		return err
	}
	defer closeLists()
	opts, server, err := p.engineOptions(c.Context, cfg)
	if err != nil {
		return err
	}
	defer server.Close()
	downloader.TuneMemory(manifest.Memory(cfg.Out))
	journal, err := manifest.Open(cfg.Out, cfg.Durable)
	if _, locked := errors.AsType[*manifest.LockedError](err); err != nil && !locked {
		err = usageError("-out", "%v", err)
	}
	if err != nil {
		return err
	}
	defer journal.Close()
	if lines, n := journal.Damaged(); n > 0 {
		fmt.Fprintf(p.stderr, "grab: %d damaged lines in the manifest, the first at %v: their images are fetched again\n", n, lines)
	}
	counters, failures := &downloader.Counters{}, &text.Failures{}
	counters.Total.Store(int64(cfg.Images))
	defer downloader.ExpectLists(c.Context, cfg.Lists, &counters.Total)()
	display, stop := p.display(cfg, string(opts.Mode), counters)
	observers := []downloader.Observer{failures, display}
	if cfg.JSON {
		observers = append(observers, text.NewJSONLines(p.stdout))
	}
	d, err := downloader.New(opts, downloader.Deps{
		Sink: journal.Files, Recall: journal.Recall, Journal: journal, Observers: observers, Counters: counters, WorkerCommand: downloader.ThisProgram("worker"), Warn: display.Warn,
	})
	if err != nil {
		stop()
		return err
	}
	if !cfg.Quiet {
		defer context.AfterFunc(c.Context, func() { display.Interrupted(drainTime) })()
	}
	summary, err := d.Run(c.Context, src)
	stop()
	if !summary.Complete() {
		p.exit = exitFailed
	}
	if told := p.tell(c.Context, cfg, summary, failures, err); err == nil {
		err = told
	}
	return err
}

// compare runs the experiment, or one for each point of a sweep.
func (p *program) compare(c *cli.Context) error {
	cfg, err := config.Resolve(c, config.Compare)
	if err != nil {
		return err
	}
	points, err := cfg.Points()
	if err != nil {
		return err
	}
	questions, unasked := signals.Questions() // SIGQUIT asks what is in flight
	defer unasked()
	p.asked = questions
	src, closeLists, err := p.open(c.Context, cfg)
	if err != nil {
		return err
	}
	defer closeLists()
	list, err := compare.ReadList(src)
	if err != nil {
		return err
	}
	out, err := p.output(cfg)
	if err != nil {
		return err
	}
	defer out.Close()
	for _, point := range points {
		if point.Images > 0 {
			if list, err = compare.ReadList(generated(point)); err != nil { // of the point's size
				return err
			}
		}
		e, broken := p.experiment(c.Context, point, list)
		if len(e.Runs) > 0 {
			broken = errors.Join(broken, out.Show(e))
		}
		if err = broken; err != nil {
			break // what is done is shown all the same
		}
	}
	if !out.Ranked() {
		p.exit = exitFailed
	}
	return errors.Join(err, out.Finish(nil))
}

// report redraws saved comparisons. Two files are compared with each other.
func (p *program) report(c *cli.Context) error {
	cfg, err := config.Resolve(c, config.Report)
	if err != nil {
		return err
	}
	if len(cfg.Lists) == 0 {
		return usageError("", "no file: name one that grab compare -json wrote, or - for standard input")
	}
	out, err := p.output(cfg)
	if err != nil {
		return err
	}
	defer out.Close()
	err = out.Redraw(cfg.Lists, p.stdin)
	if file, ok := errors.AsType[*output.FileError](err); ok {
		err = usageError(file.Name, "%v", file.Err)
	}
	if !out.Ranked() {
		p.exit = exitFailed
	}
	return err
}

// output prepares what compare and report show.
func (p *program) output(cfg config.Config) (*output.Output, error) {
	o, err := output.Open(p.stdout, output.Options{
		JSON: cfg.JSON, CSV: cfg.CSV, Benchfmt: cfg.Benchfmt, Markdown: cfg.Markdown, Page: cfg.HTML, Images: cfg.Out, Inputs: cfg.Lists,
	})
	if err != nil {
		err = usageError("-html", "%v", err)
	}
	return o, err
}

// experiment compares the modes under one set of conditions.
func (p *program) experiment(ctx context.Context, cfg config.Config, list *compare.List) (report.Experiment, error) {
	opts, server, err := p.engineOptions(ctx, cfg)
	if err != nil {
		return report.Experiment{}, err
	}
	watch := func(name string, counters *downloader.Counters) (downloader.Observer, func(string), func()) {
		display, stop := p.display(cfg, name, counters)
		return display, display.Warn, stop
	}
	plan := compare.Plan{Conditions: conditions(cfg), Options: opts, Out: cfg.Out, List: list, WorkerCommand: downloader.ThisProgram("worker"), Watch: watch}
	defer server.Close()
	if server != nil {
		plan.Reset = server.Reset
		plan.Figures = func(ctx context.Context) (report.ServerFigures, error) {
			l, err := server.Figures(ctx)
			return report.ServerFigures{Requests: l.Total, Connections: l.Connections, PeakInFlight: l.PeakInFlight, CPUSeconds: l.CPUSeconds}, err
		}
	}
	e, err := compare.Run(ctx, plan)
	if dir, ok := errors.AsType[*compare.DirError](err); ok {
		err = usageError("-out", "%v", dir)
	}
	return e, err
}

// conditions translates the configuration for the report.
func conditions(cfg config.Config) report.Conditions {
	return report.Conditions{
		Version: version, Started: time.Now(), Machine: compare.Machine(), Local: cfg.Local, Verify: cfg.Verify,
		Latency: cfg.Latency.Seconds(), Jitter: cfg.Jitter.Seconds(), Bandwidth: cfg.Bandwidth, Seed: cfg.Seed, Size: cfg.Size, Faults: cfg.Faults, HTTP1: cfg.HTTP1, Durable: cfg.Durable,
		Rounds: cfg.Rounds, Modes: downloader.NamedModes(cfg.Modes), Workers: cfg.N, Preset: cfg.Preset, Sweep: cfg.Sweep.String(),
	}
}

// open returns the source that the configuration names.
func (p *program) open(ctx context.Context, cfg config.Config) (downloader.Source, func(), error) {
	if cfg.Images > 0 {
		return generated(cfg), func() {}, nil
	}
	if len(cfg.Lists) == 0 {
		return nil, nil, usageError("", "no list: name a file of URLs, a URL, or - for standard input; grab -help tells more")
	}
	src, closeLists, err := downloader.OpenLists(ctx, cfg.Lists, p.stdin)
	if path, ok := errors.AsType[*fs.PathError](err); ok {
		err = config.NoSuchList(path, path.Path == cfg.Lists[0])
	}
	return src, closeLists, err
}

// generated is a list of the embedded server's images.
func generated(cfg config.Config) downloader.Source {
	return downloader.Generated(cfg.Images, func(i int) string { return testserver.SizedImageURL(i, cfg.Size) })
}

// engineOptions translates the configuration for the engine. With -local it
// starts the embedded server, which the caller closes, and maps all hosts to it.
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
	server, err := testserver.Spawn(ctx, downloader.ThisProgram("worker", "serve"), serverOpts)
	if err != nil {
		return opts, nil, err
	}
	opts.DialTo, opts.RootCAs = server.Addr, server.CA
	return opts, server, nil
}

func serverOptions(cfg config.Config) (testserver.Options, error) {
	plan, err := testserver.LoadPlan(cfg.Faults)
	if err != nil {
		err = usageError("-faults", "%v", err)
	}
	return testserver.Options{Latency: cfg.Latency, Jitter: cfg.Jitter, Bandwidth: cfg.Bandwidth, Seed: cfg.Seed, Faults: plan}, err
}

// display starts to show a run on standard error, as far as the user wants it,
// and to answer what the user asks with SIGQUIT. The caller calls stop.
func (p *program) display(cfg config.Config, name string, counters *downloader.Counters) (d *progress.Display, stop func()) {
	style := progress.Style(cfg.Progress).Choose(p.stderr, os.Getenv)
	if cfg.Quiet {
		style = progress.None
	}
	d = progress.Start(p.stderr, style, name, cfg.Verbose, counters)
	return d, d.Answer(p.asked)
}

// tell reports a download that has ended, broken or not.
func (p *program) tell(ctx context.Context, cfg config.Config, s downloader.Summary, failures *text.Failures, broken error) error {
	if cfg.JSON {
		return text.WriteSummaryJSON(p.stdout, s, p.exitCode(ctx, broken))
	}
	if cfg.Quiet || broken != nil && s.Total == 0 {
		return nil
	}
	return text.WriteSummary(p.stdout, s, failures)
}
