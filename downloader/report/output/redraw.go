package output

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"slices"

	"grab/downloader"
	"grab/downloader/report"
)

// Redraw shows the experiments of saved files, where "-" is stdin. Two files are also compared with
// each other. If a file cannot be used, nothing is shown and the error is a [*downloader.UsageError].
func (o *Output) Redraw(names []string, stdin io.Reader) error {
	var saved [][]report.Experiment
	for _, name := range names {
		experiments, err := readFile(name, stdin)
		if err != nil {
			return &downloader.UsageError{Source: name, Err: err}
		}
		saved = append(saved, experiments)
	}
	var err error
	for _, e := range slices.Concat(saved...) {
		err = o.Show(e)
	}
	var changes []report.Changes
	if len(saved) == 2 {
		changes, o.before = report.CompareSaved(saved[0], saved[1]), len(saved[0])
	}
	return errors.Join(err, o.Finish(changes))
}

func readFile(name string, stdin io.Reader) ([]report.Experiment, error) {
	if name == "-" {
		return report.Read(stdin)
	}
	file, err := os.Open(name)
	if path, ok := errors.AsType[*fs.PathError](err); ok {
		return nil, path.Err
	}
	if err != nil {
		return nil, err
	}
	defer func() { _ = file.Close() }()
	return report.Read(file)
}
