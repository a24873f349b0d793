// Package output shows experiments in the form that the user chose: on standard output, and as a
// page in a file.
package output

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"slices"

	"grab/downloader"
	"grab/downloader/internal/folder"
	"grab/downloader/report"
	"grab/downloader/report/page"
	"grab/downloader/report/saved"
	"grab/downloader/report/text"
)

// Options say how experiments are shown.
type Options struct {
	JSON, CSV, Benchfmt, Markdown bool // at most one; none means tables

	Page   string   // file of the page; empty means no page
	Images string   // directory that holds the contenders' folders of images, for the page
	Inputs []string // files that are read, which the page must not replace
}

// Output shows experiments, one after another.
type Output struct {
	w           io.Writer
	opts        Options
	err         error     // of the first failed write to w; nothing is written after it
	file        *pageFile // nil if there is no page
	experiments []report.Experiment
	before      int // number of experiments from the first of two saved files
}

// Open prepares the output to w. A page that cannot be created is a [*downloader.UsageError], so
// that this is known before anything is fetched. The caller must call Close.
func Open(w io.Writer, o Options) (*Output, error) {
	file, err := startPage(o.Page, inUse(w, o.Inputs))
	if err != nil {
		return nil, &downloader.UsageError{Source: "-html", Err: err}
	}
	return &Output{w: w, opts: o, file: file}, nil
}

// Show adds an experiment. Forms that can be written for each experiment alone are written at once,
// so that an interrupted sweep loses nothing. Once a write has failed, every further call returns
// the same error.
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
		return saved.Write(o.w, &e)
	case o.opts.CSV || o.opts.Benchfmt || o.opts.Markdown:
		return nil
	}
	if len(o.experiments) > 1 {
		fmt.Fprintln(o.w)
	}
	err := text.WriteTable(o.w, &e)
	if err == nil {
		err = text.WriteTimeline(o.w, &e)
	}
	return err
}

// Ranked reports whether every experiment that was shown is ranked.
func (o *Output) Ranked() bool {
	return !slices.ContainsFunc(o.experiments, func(e report.Experiment) bool { return !e.Comparison.Ranked })
}

// Finish writes what covers all experiments, the changes between two saved files, and the page. It
// writes the page even if standard output failed; it does not return the error of Show again.
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
			return page.Write(w, o.experiments, page.Options{Folder: o.imagesOf, Changes: changes, Before: o.before})
		}))
	}
	return err
}

func (o *Output) finish(changes []report.Changes) error {
	switch {
	case o.opts.CSV:
		return text.WriteCSV(o.w, o.experiments)
	case o.opts.Benchfmt:
		return text.WriteBenchmarks(o.w, o.experiments)
	case o.opts.Markdown:
		if err := text.WriteMarkdown(o.w, o.experiments); err != nil {
			return err
		}
		return text.WriteChangesMarkdown(o.w, changes)
	case o.opts.JSON:
		return text.WriteChangesJSON(o.w, changes)
	}
	if len(o.experiments) > 1 && changes == nil && o.experiments[0].Conditions.Sweep != "" {
		fmt.Fprintln(o.w)
		return text.WriteSweep(o.w, o.experiments)
	}
	return text.WriteChanges(o.w, changes)
}

// Close removes an unfinished page.
func (o *Output) Close() { o.file.discard() }

// imagesOf finds a run's images below the output directory.
func (o *Output) imagesOf(r *report.Run) fs.FS {
	for _, name := range []string{fmt.Sprintf("%s-%d", r.Mode, r.Workers), string(r.Mode)} {
		images := images{o.opts.Images, name}
		if images.within(func(*os.Root) error { return nil }) == nil {
			return images
		}
	}
	return nil
}

// images are the regular files in a folder of the output directory. No link is followed,
// and opening one waits for nobody.
type images struct{ output, folder string }

// Open implements [fs.FS].
func (i images) Open(name string) (file fs.File, err error) {
	err = i.within(func(dir *os.Root) (err error) {
		file, err = folder.OpenRegular(dir, name, os.O_RDONLY)
		return err
	})
	return file, err
}

// within calls do with the open folder.
func (i images) within(do func(*os.Root) error) error {
	output, err := os.OpenRoot(i.output)
	if err != nil {
		return err
	}
	defer func() { _ = output.Close() }()
	dir, err := folder.OpenIn(output, i.folder)
	if err != nil {
		return err
	}
	defer func() { _ = dir.Close() }()
	return do(dir.Root)
}
