// Package stage keeps images that are not finished yet: staging files, and the
// partial files that a later run can complete.
package stage

import (
	"errors"
	"io/fs"
	"os"
	"sync"
	"time"

	"grab/downloader"
	"grab/downloader/internal/folder"
	"grab/downloader/internal/work"
)

// Dir makes staging files in the state folder of an output directory.
type Dir struct {
	output   *os.Root       // the output directory
	state    *folder.Folder // its state folder
	durable  bool           // sealed files reach the disk
	spaces   sync.Pool      // of *workspace, each of bufferSize
	small    sync.Pool      // of *workspace, each of smallSize
	partials map[int]bool   // items of which an earlier run kept a partial file, by index
}

// New opens the output directory, which must exist, and makes its state folder.
func New(output string, durable bool) (*Dir, error) {
	d := &Dir{durable: durable}
	d.spaces.New = func() any { return newWorkspace(bufferSize) }
	d.small.New = func() any { return newWorkspace(smallSize) }
	var err error
	d.output, err = os.OpenRoot(output)
	if err != nil {
		return nil, downloader.LocalFailure(err)
	}
	d.state, err = folder.MakeIn(d.output, downloader.StateDir)
	if err == nil {
		d.partials, err = findPartials(d.state)
	}
	if err != nil {
		d.Close()
		return nil, downloader.LocalFailure(err)
	}
	return d, nil
}

// Output opens the output directory once more. The caller closes it.
func (d *Dir) Output() (*os.File, error) { return d.output.Open(".") }

// Close closes the folders. It removes nothing.
func (d *Dir) Close() {
	if d.state != nil {
		_ = d.state.Close()
	}
	d.output.Close()
}

// Open returns an empty staging file for an item. size is how many bytes come at most, or below
// 0 if that is not known. Thousands of small images at a time need a small buffer each.
func (d *Dir) Open(index int, size int64) *File {
	spaces := &d.spaces
	if size >= 0 && size < smallSize {
		spaces = &d.small
	}
	space := spaces.Get().(*workspace)
	space.hash.Reset()
	return &File{folder: d.state, durable: d.durable, spaces: spaces, index: index, space: space}
}

// Remove removes an item's staging file, if there is one.
func (d *Dir) Remove(index int) { _ = d.state.Remove(work.StagedName(index)) }

// SetTime sets the time of an item's sealed file, if the file system can.
func (d *Dir) SetTime(index int, modified time.Time) {
	_ = d.state.Chtimes(work.StagedName(index), time.Time{}, modified)
}

// Clear removes what a killed run left behind, and with all set also the partial
// files. Only the parent process calls it, while nothing is staged.
func (d *Dir) Clear(all bool) error {
	if all {
		d.partials = nil
	}
	var failures []error
	for _, suffix := range []string{work.StagedSuffix, partialSuffix} {
		names, err := fs.Glob(d.state.FS(), "*"+suffix)
		failures = append(failures, err)
		for _, name := range names {
			if index, ok := indexOf(name, suffix); !ok || !d.partials[index] {
				failures = append(failures, d.clear(name))
			}
		}
	}
	return errors.Join(failures...)
}

// clear removes a file, a link or an empty folder.
func (d *Dir) clear(name string) error {
	err := d.state.Remove(name)
	if info, statErr := d.state.Lstat(name); err != nil && statErr == nil && info.IsDir() {
		return folder.Refusal(d.state.Root, name, "is a folder, and not grab's: move it away")
	}
	return err
}

// RemoveState removes the state folder if it is empty. Only the parent process
// calls it, when no child process is left.
func (d *Dir) RemoveState() { _ = d.output.Remove(downloader.StateDir) }
