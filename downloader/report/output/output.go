// Package output shows experiments as the user wants them: in one form on
// standard output, and on a page in a file.
package output

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"slices"

	"grab/downloader"
	"grab/downloader/report"
	"grab/downloader/report/page"
)

// Options say how experiments are shown.
type Options struct {
	JSON, CSV, Benchfmt, Markdown bool // at most one; none: tables

	Page   string   // the page's file; empty: none
	Images string   // the directory whose folders hold the contenders' images, for the page
	Inputs []string // files that are read: the page must not replace them
}

// Output shows experiments, one after another.
type Output struct {
	w           io.Writer
	opts        Options
	err         error     // of the first write to w that failed: there is no other
	file        *pageFile // nil: no page
	experiments []report.Experiment
	before      int // how many of them are of the first of two saved files
}

// Open prepares the output to w. A page that cannot be written is a
// [*downloader.UsageError] before anything is fetched. The caller closes the Output.
func Open(w io.Writer, o Options) (*Output, error) {
	file, err := startPage(o.Page, inUse(w, o.Inputs))
	if err != nil {
		return nil, &downloader.UsageError{Source: "-html", Err: err}
	}
	return &Output{w: w, opts: o, file: file}, nil
}

// Show takes an experiment. The forms that need no others are written at once:
// what a long sweep has done is then not lost. Once a write has failed, its error
// is that of every further Show.
func (o *Output) Show(e report.Experiment) error {
	o.experiments = append(o.experiments, e)
	if o.err == nil {
		o.err = o.show(e)
	}
	return o.err
}

func (o *Output) show(e report.Experiment) error {
	switch {
	case o.opts.JSON:
		return report.WriteExperimentJSON(o.w, &e)
	case o.opts.CSV || o.opts.Benchfmt || o.opts.Markdown:
		return nil
	}
	if len(o.experiments) > 1 {
		fmt.Fprintln(o.w)
	}
	err := report.WriteTable(o.w, &e)
	if err == nil {
		err = report.WriteTimeline(o.w, &e)
	}
	return err
}

// Ranked reports whether every experiment that was shown is ranked.
func (o *Output) Ranked() bool {
	return !slices.ContainsFunc(o.experiments, func(e report.Experiment) bool { return !e.Comparison.Ranked })
}

// Finish writes what is about all experiments, the changes between two saved
// files if there are any, and the page. The page is written also if standard
// output could not be; the error is not told again if Show has told it.
func (o *Output) Finish(changes []report.Changes) error {
	if len(o.experiments) == 0 {
		return nil
	}
	var err error
	if o.err == nil {
		err = o.finish(changes)
	}
	if o.file != nil {
		err = errors.Join(err, o.file.finish(func(w io.Writer) error {
			return page.Write(w, o.experiments, page.Options{Folder: imagesBelow(o.opts.Images), Changes: changes, Before: o.before})
		}))
	}
	return err
}

func (o *Output) finish(changes []report.Changes) error {
	switch {
	case o.opts.CSV:
		return report.WriteCSV(o.w, o.experiments)
	case o.opts.Benchfmt:
		return report.WriteBenchmarks(o.w, o.experiments)
	case o.opts.Markdown:
		if err := report.WriteMarkdown(o.w, o.experiments); err != nil {
			return err
		}
		return report.WriteChangesMarkdown(o.w, changes)
	case o.opts.JSON:
		return report.WriteChangesJSON(o.w, changes)
	}
	if len(o.experiments) > 1 && changes == nil && o.experiments[0].Conditions.Sweep != "" {
		fmt.Fprintln(o.w)
		return report.WriteMap(o.w, o.experiments)
	}
	return report.WriteChanges(o.w, changes)
}

// Close removes a page that was not finished.
func (o *Output) Close() { o.file.discard() }

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
