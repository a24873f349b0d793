package output

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"slices"

	"grab/downloader"
	"grab/downloader/report"
	"grab/downloader/report/saved"
)

// Redraw shows the experiments of saved files, where "-" is stdin. Two files are also compared with
// each other. If a file cannot be used, nothing is shown and the error is a [*downloader.UsageError].
func (o *Output) Redraw(names []string, stdin io.Reader) error {
	var files [][]report.Experiment
	for _, name := range names {
		experiments, err := readFile(name, stdin)
		if err != nil {
			return &downloader.UsageError{Source: name, Err: err}
		}
		files = append(files, experiments)
	}
	var err error
	for _, e := range slices.Concat(files...) {
		err = o.Show(e)
	}
	var changes []report.Changes
	if len(files) == 2 {
		changes, o.before = report.CompareSaved(files[0], files[1]), len(files[0])
	}
	return errors.Join(err, o.Finish(changes))
}

func readFile(name string, stdin io.Reader) ([]report.Experiment, error) {
	if name == "-" {
		return saved.Read(stdin)
	}
	file, err := os.Open(name)
	if path, ok := errors.AsType[*fs.PathError](err); ok {
		return nil, path.Err
	}
	if err != nil {
		return nil, err
	}
	defer func() { _ = file.Close() }()
	return saved.Read(file)
}
