package command

import (
	"github.com/urfave/cli/v2"

	"grab/config"
	"grab/config/setting"
	"grab/downloader"
	"grab/downloader/report/output"
)

// report shows saved comparisons again. It compares two files with each other.
func (p *program) report(c *cli.Context) error {
	cfg, err := p.resolve(c, setting.Report)
	if err != nil {
		return err
	}
	if len(cfg.Lists) == 0 {
		return downloader.UsageErrorf("", "no file: name one that grab compare -json wrote, or - for standard input")
	}
	out, err := p.output(cfg)
	if err != nil {
		return err
	}
	defer out.Close()
	err = out.Redraw(cfg.Lists, p.stdin)
	if !out.Ranked() {
		p.exit = exitFailed
	}
	return err
}

// output returns where compare and report write what they show.
func (p *program) output(cfg config.Config) (*output.Output, error) {
	w := p.shown
	if cfg.JSON || cfg.CSV || cfg.Benchfmt || cfg.Markdown { // for programs
		w = p.stdout
	}
	return output.Open(w, output.Options{
		JSON: cfg.JSON, CSV: cfg.CSV, Benchfmt: cfg.Benchfmt, Markdown: cfg.Markdown, Page: cfg.HTML, Images: cfg.Options.Dir, Inputs: cfg.Lists,
	})
}
