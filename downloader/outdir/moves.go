package outdir

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"

	"grab/downloader"
	"grab/downloader/internal/failpoint"
	"grab/downloader/manifest"
	"grab/downloader/sink"
)

// earlierDir is the folder for images that are in no list any more.
const earlierDir = "earlier"

// move is a file's way to another name. Moves are written to the state folder before
// the first file is renamed, and to the manifest after the last. So a run that was
// killed in between has its moves done by the next one.
type move struct {
	From string `json:"from"`
	To   string `json:"to"`
	File string `json:"file"` // see fileID; empty if there is none, but a record
	Line string `json:"line"` // of the manifest, with its newline; says what is true after the move
}

// mover moves files and their records. It has no lock of its own.
type mover struct {
	files   *sink.Files
	journal *manifest.Journal
	dir     string
	durable bool
	earlier int   // images in the folder earlier
	err     error // the first one. After it the journal and the names on the disk may differ.
}

// logName is where moves are written, in the state folder.
const logName = "moves"

// logEnd ends the log: without it no file was renamed yet.
const logEnd = "end\n"

// fileID tells a file from all others, whatever its name. It holds until somebody
// changes the file.
func (m *mover) fileID(name string) (string, bool) {
	info, err := m.files.Stat(name)
	if err != nil || !info.Mode().IsRegular() {
		return "", false
	}
	return fmt.Sprintf("%d-%d-%d", inode(m.files, name, info), info.Size(), info.ModTime().UnixNano()), true
}

// do renames files as planned, and records that in the manifest, unless planning has
// failed. After an error no file may be moved or replaced any more: the journal says
// of the planned moves that they are done. The next run finishes what was begun.
func (m *mover) do(moves []move, planning error) error {
	if m.err == nil {
		m.err = planning
	}
	if m.err == nil && len(moves) > 0 {
		m.err = m.carryOut(moves)
	}
	return m.err
}

func (m *mover) carryOut(moves []move) error {
	if err := m.writeLog(moves); err != nil {
		return err
	}
	failpoint.Pass("moves-logged")
	var lines []byte
	for _, one := range moves {
		if err := m.rename(one); err != nil {
			return err
		}
		failpoint.Pass("moves-renamed")
		lines = append(lines, one.Line...)
	}
	if err := m.syncMoves(); err != nil {
		return err
	}
	if err := m.journal.Append(lines); err != nil {
		return err
	}
	failpoint.Pass("moves-recorded")
	if err := os.Truncate(m.logPath(), 0); err != nil {
		return err
	}
	failpoint.Pass("moves-done")
	return nil
}

// rename gives a file its new name. That somebody has removed it is no error.
func (m *mover) rename(one move) error {
	if one.File == "" {
		return nil
	}
	err := m.files.Rename(one.From, one.To)
	if errors.Is(err, fs.ErrNotExist) && !m.files.Exists(one.From) {
		return nil
	}
	if err == nil && isEarlier(one.To) != isEarlier(one.From) {
		m.earlier += map[bool]int{true: 1, false: -1}[isEarlier(one.To)]
	}
	return err
}

func (m *mover) logPath() string { return filepath.Join(m.dir, downloader.StateDir, logName) }

func (m *mover) writeLog(moves []move) error {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	for _, one := range moves {
		if err := enc.Encode(one); err != nil {
			return err
		}
	}
	b.WriteString(logEnd)
	file, err := os.OpenFile(m.logPath(), os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o666)
	if err != nil {
		return err
	}
	_, err = file.Write(b.Bytes())
	if err == nil && m.durable {
		err = file.Sync()
	}
	return errors.Join(err, file.Close())
}

// syncMoves makes the names of moved files reach the disk, if they have to.
func (m *mover) syncMoves() error {
	if !m.durable {
		return nil
	}
	folder, err := m.files.Open(earlierDir)
	if err == nil {
		err = errors.Join(folder.Sync(), folder.Close())
	}
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return m.files.Sync()
}

// finish does what a run that was killed has left of its moves. A file is known
// by its identity, not by its name. What somebody has removed in between is forgotten,
// and what cannot be moved keeps its name and its record.
func (m *mover) finish() error {
	data, err := os.ReadFile(m.logPath())
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	var lines []byte
	moves := parseLog(data)
	for _, one := range moves {
		if id, there := m.fileID(one.From); !there || id != one.File || m.files.Exists(one.To) {
			continue
		}
		if isEarlier(one.To) && m.files.MakeFolder(earlierDir) != nil {
			continue
		}
		_ = m.files.Rename(one.From, one.To) // whether it is there is seen below
		failpoint.Pass("moves-renamed")
	}
	for _, one := range moves {
		if id, there := m.fileID(one.To); there && id == one.File {
			lines = append(lines, one.Line...)
		}
	}
	if len(lines) > 0 {
		if err := errors.Join(m.syncMoves(), m.recordFinished(lines)); err != nil {
			return err
		}
	}
	failpoint.Pass("moves-recorded")
	return os.Remove(m.logPath())
}

// parseLog returns the moves of a log. Without its end, no file was renamed yet.
func parseLog(data []byte) (moves []move) {
	lines, whole := bytes.CutSuffix(data, []byte(logEnd))
	if !whole {
		return nil
	}
	for dec := json.NewDecoder(bytes.NewReader(lines)); dec.More(); {
		var one move
		if dec.Decode(&one) != nil {
			break // damaged
		}
		moves = append(moves, one)
	}
	return moves
}

// recordFinished appends lines to the manifest.
func (m *mover) recordFinished(lines []byte) error {
	journal, err := manifest.Open(m.dir, m.durable)
	if err != nil {
		return err
	}
	return errors.Join(journal.Append(lines), journal.Close())
}

// cleanUp removes the log, which is empty once all moves are recorded, and the folder
// earlier if nothing is left in it.
func (m *mover) cleanUp() {
	if m.err == nil {
		_ = os.Remove(m.logPath())
		if earlier := filepath.Join(m.dir, earlierDir); isFolder(earlier) {
			_ = os.Remove(earlier)
		}
	}
}

func isFolder(path string) bool {
	info, err := os.Lstat(path)
	return err == nil && info.IsDir()
}

// isEarlier reports whether a file is in the folder earlier.
func isEarlier(file string) bool { return path.Dir(file) == earlierDir }

// countEarlier returns how many images are in the folder earlier. What has its name and
// is no folder is in nobody's way until an image has to go there.
func countEarlier(dir string) (int, error) {
	name := filepath.Join(dir, earlierDir)
	if info, err := os.Lstat(name); err != nil || !info.IsDir() {
		return 0, nil
	}
	entries, err := os.ReadDir(name)
	return len(entries), err
}
