package command

import (
	"fmt"

	"grab/config"
	"grab/config/setting"
	"grab/downloader"
	"grab/downloader/report"
	"grab/downloader/web"
)

// openPage opens the live page that the settings ask for, and says where it is. The caller
// calls stop, which shows that all is done and ends the page.
func (p *program) openPage(cfg config.Config, cmd setting.Command) (stop func(), err error) {
	if cfg.Web == "" || cfg.DryRun {
		return func() {}, nil
	}
	about := web.About{Version: version, Command: "download"}
	if cmd == setting.Compare {
		about.Command = "compare"
	}
	p.page, err = web.Listen(cfg.Web, about)
	if err != nil {
		return nil, &downloader.UsageError{Source: "-web", Err: err}
	}
	if !cfg.Quiet {
		fmt.Fprintln(p.said, "grab: live page at", p.page.URL())
	}
	return func() { _ = p.page.Close() }, nil // nobody misses what a closed page would say
}

// showOnPage makes r the run that the live page shows, if there is one. The run's results go
// to the observers; the caller calls over when the run has ended.
func (p *program) showOnPage(r web.Run) (observers []downloader.Observer, over func()) {
	if p.page == nil {
		return nil, func() {}
	}
	observer, over := p.page.Watch(r)
	return []downloader.Observer{observer}, over
}

// showRan shows a run of a comparison that has ended on the live page. point says what is
// special about its experiment.
func (p *program) showRan(point string, r *report.Run, rounds int) {
	if p.page == nil {
		return
	}
	of := web.Finished{Name: point + r.Contender().String(), Mode: string(r.Mode), Rounds: rounds, Seconds: r.Seconds, Error: r.Error}
	if !r.Warmup {
		of.Round = r.Round + 1
	}
	p.page.Add(of)
}

// pointOf returns which experiment of a sweep the settings are, as a prefix of names.
func pointOf(cfg config.Config) string {
	if cfg.Sweep.Name == "" {
		return ""
	}
	return cfg.Sweep.String() + ": "
}
