package manifest

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"

	"grab/downloader"
	"grab/downloader/internal/failpoint"
)

// compactFrom is how many superseded lines are worth the work of removing them.
const compactFrom = 64

// worthCompacting reports whether most lines are superseded.
func (h *history) worthCompacting() bool {
	superseded := h.lines - h.live
	return superseded >= compactFrom && superseded > h.live
}

// writeCompacted writes the lines of a manifest that begin at these offsets to a new
// file in the state folder of dir, and returns its path.
func writeCompacted(dir string, manifest io.ReaderAt, offsets []int64) (path string, err error) {
	state := filepath.Join(dir, downloader.StateDir)
	if err := os.MkdirAll(state, 0o777); err != nil {
		return "", err
	}
	path = filepath.Join(state, "manifest.new")
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o666)
	if err != nil {
		return "", err
	}
	if err := errors.Join(copyLines(file, manifest, offsets), file.Close()); err != nil {
		return "", errors.Join(err, os.Remove(path))
	}
	return path, nil
}

func copyLines(to *os.File, manifest io.ReaderAt, offsets []int64) error {
	out := bufio.NewWriterSize(to, readBuffer)
	for _, offset := range offsets {
		line, err := lineAt(manifest, offset)
		if err != nil {
			return err
		}
		if _, err := out.Write(append(line, '\n')); err != nil {
			return err
		}
	}
	failpoint.Pass("compact-written")
	if err := out.Flush(); err != nil {
		return err
	}
	return to.Sync()
}

// putCompacted puts a new manifest in the place of the old one. Killed at any step, it
// leaves the one or the other, whole.
func putCompacted(path, dir, name string, durable bool) error {
	failpoint.Pass("compact-synced")
	err := os.Rename(path, filepath.Join(dir, name))
	failpoint.Pass("compact-renamed")
	if err != nil || !durable {
		return err
	}
	folder, err := os.Open(dir) // or lines that are written later may be in a file without a name
	if err != nil {
		return err
	}
	return errors.Join(folder.Sync(), folder.Close())
}

// offsets returns where the lines begin that still hold, in their order.
func (h *history) offsets() []int64 {
	offsets := make([]int64, 0, h.live)
	for id := range uint32(h.count) {
		if r := h.at(id); r.status != saysNothing {
			offsets = append(offsets, r.offset)
		}
	}
	slices.Sort(offsets)
	return offsets
}

// lineAt returns the line that begins at an offset, without its newline.
func lineAt(r io.ReaderAt, offset int64) ([]byte, error) {
	var line []byte
	for size := 1 << 10; size <= readBuffer; size *= 2 { // most fit into the first
		line = make([]byte, size)
		n, err := r.ReadAt(line, offset)
		if end := bytes.IndexByte(line[:n], '\n'); end >= 0 {
			return line[:end], nil
		}
		if err != nil {
			return nil, err
		}
	}
	return nil, errDamaged
}
