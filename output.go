package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"

	"github.com/urfave/cli/v2"

	"grab/config"
	"grab/downloader/report"
	"grab/downloader/report/page"
)

// report redraws saved comparisons. Two files are compared with each other.
func (p *program) report(c *cli.Context) error {
	cfg, err := config.Resolve(c, config.Report)
	if err != nil {
		return err
	}
	if len(cfg.Lists) == 0 {
		return usageError("", "no file: name one that grab compare -json wrote, or - for standard input")
	}
	web, err := startPage(cfg.HTML)
	if err != nil {
		return err
	}
	defer web.discard()
	var all [][]report.Experiment
	for _, name := range cfg.Lists {
		experiments, err := p.readSaved(name)
		if err != nil {
			return usageError(name, "%v", err)
		}
		all = append(all, experiments)
	}
	shown := results{cfg: cfg}
	for _, experiments := range all {
		for _, e := range experiments {
			if err := p.show(&shown, e); err != nil {
				return err
			}
		}
	}
	if len(all) == 2 {
		shown.changes = report.Compared(all[0], all[1])
	}
	return p.finish(&shown, web)
}

func (p *program) readSaved(name string) ([]report.Experiment, error) {
	if name == "-" {
		return report.Read(p.stdin)
	}
	file, err := os.Open(name)
	if path, ok := errors.AsType[*fs.PathError](err); ok {
		return nil, path.Err
	}
	if err != nil {
		return nil, err
	}
	defer file.Close()
	return report.Read(file)
}

// results are what compare and report have shown, or are about to.
type results struct {
	cfg         config.Config
	experiments []report.Experiment
	changes     []report.Changes // between two saved files
}

// show takes an experiment. The forms that need no others are written at once:
// what a long sweep has done is then not lost.
func (p *program) show(r *results, e report.Experiment) error {
	if !e.Comparison.Ranked {
		p.exit = exitFailed
	}
	r.experiments = append(r.experiments, e)
	switch {
	case r.cfg.JSON:
		return report.WriteExperimentJSON(p.stdout, &e)
	case r.cfg.CSV || r.cfg.Benchfmt || r.cfg.Markdown:
		return nil
	}
	if len(r.experiments) > 1 {
		fmt.Fprintln(p.stdout)
	}
	err := report.WriteTable(p.stdout, &e)
	if err == nil {
		err = report.WriteTimeline(p.stdout, &e)
	}
	return err
}

// finish writes what is about all experiments, and the page, if one was asked for.
func (p *program) finish(r *results, web *pageFile) error {
	if len(r.experiments) == 0 {
		return nil
	}
	err := r.finish(p.stdout)
	if web != nil {
		err = errors.Join(err, web.finish(func(w io.Writer) error {
			return page.Write(w, r.experiments, page.Options{Folder: imagesBelow(r.cfg.Out), Changes: r.changes})
		}))
	}
	return err
}

func (r *results) finish(w io.Writer) error {
	switch {
	case r.cfg.CSV:
		return report.WriteCSV(w, r.experiments)
	case r.cfg.Benchfmt:
		return report.WriteBenchmarks(w, r.experiments)
	case r.cfg.Markdown:
		return errors.Join(report.WriteMarkdown(w, r.experiments), report.WriteChangesMarkdown(w, r.changes))
	case r.cfg.JSON:
		return report.WriteChangesJSON(w, r.changes)
	}
	if len(r.experiments) > 1 && r.changes == nil && r.experiments[0].Conditions.Sweep != "" {
		fmt.Fprintln(w)
		return report.WriteMap(w, r.experiments)
	}
	return report.WriteChanges(w, r.changes)
}

// imagesBelow returns where a run's images are below the output directory.
func imagesBelow(dir string) func(*report.Run) fs.FS {
	files := os.DirFS(dir)
	return func(r *report.Run) fs.FS {
		for _, name := range []string{fmt.Sprintf("%s-%d", r.Mode, r.Workers), string(r.Mode)} {
			if info, err := fs.Stat(files, name); err == nil && info.IsDir() {
				folder, _ := fs.Sub(files, name) // the name is valid: Stat took it
				return folder
			}
		}
		return nil
	}
}

// pageFile is the file of -html. It is made before anything is fetched, under
// another name, so that a name that cannot be written is known in time, and what
// was there stays until the page is whole.
type pageFile struct {
	file *os.File
	name string
}

// startPage makes the file; nil: no page was asked for.
func startPage(name string) (*pageFile, error) {
	if name == "" {
		return nil, nil
	}
	if info, err := os.Stat(name); err == nil && !info.Mode().IsRegular() {
		return nil, usageError("-html", "%s is not a file", name)
	}
	file, err := os.Create(name + ".part")
	if err != nil {
		return nil, usageError("-html", "%v", err)
	}
	return &pageFile{file, name}, nil
}

// finish writes the page, and gives it its name.
func (p *pageFile) finish(write func(io.Writer) error) error {
	err := write(p.file)
	if closed := p.file.Close(); err == nil {
		err = closed
	}
	if err == nil {
		err = os.Rename(p.file.Name(), p.name)
	}
	return err
}

// discard removes what finish did not finish.
func (p *pageFile) discard() {
	if p != nil {
		p.file.Close()
		os.Remove(p.file.Name())
	}
}
