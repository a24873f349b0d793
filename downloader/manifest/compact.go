package manifest

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"os"
	"path"
	"slices"

	"grab/downloader"
	"grab/downloader/internal/failpoint"
	"grab/downloader/internal/folder"
)

// compactFrom is how many superseded lines are worth the work of removing them.
const compactFrom = 64

// worthCompacting reports whether most lines are superseded.
func (h *history) worthCompacting() bool {
	superseded := h.lines - h.live
	return superseded >= compactFrom && superseded > h.live
}

// compactedName is where the new manifest is written first.
const compactedName = downloader.StateDir + "/manifest.new"

// writeCompacted writes the lines of a manifest that begin at these offsets to a new
// file in the state folder of dir.
func writeCompacted(dir *os.Root, manifest io.ReaderAt, offsets []int64) error {
	state, err := folder.MakeIn(dir, downloader.StateDir)
	if err != nil {
		return err
	}
	defer func() { _ = state.Close() }()
	file, err := folder.OpenRegular(state.Root, path.Base(compactedName), os.O_WRONLY|os.O_CREATE|os.O_TRUNC)
	if err != nil {
		return err
	}
	if err := errors.Join(copyLines(file, manifest, offsets), file.Close()); err != nil {
		return errors.Join(err, dir.Remove(compactedName))
	}
	return nil
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
func putCompacted(dir *os.Root, name string, durable bool) error {
	failpoint.Pass("compact-synced")
	err := folder.Rename(dir, compactedName, name)
	failpoint.Pass("compact-renamed")
	if err != nil || !durable {
		return err
	}
	return folder.SyncNames(dir) // or lines that are written later may be in a file without a name
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
