package outdir

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"strings"

	"grab/downloader/internal/failpoint"
	"grab/downloader/internal/folder"
	"grab/downloader/manifest"
	"grab/downloader/sink"
)

// move is a file's way to another name. Moves are written to the state folder before
// the first file is renamed, and to the manifest after the last. So a run that was
// killed in between has its moves done by the next one.
type move struct {
	From string `json:"from"`
	To   string `json:"to"`
	File string `json:"file"` // see fileID; empty if there is none, but a record
	Line string `json:"line"` // of the manifest, with its newline; says what is true after the move
}

// plausible reports whether grab may have written the move.
func (m *move) plausible() bool {
	lines := strings.Count(m.Line, "\n")
	return sink.IsGiven(m.From) && sink.IsGiven(m.To) && (m.Line == "" || lines == 1 && strings.HasSuffix(m.Line, "\n"))
}

// mover moves files and their records. It has no lock of its own.
type mover struct {
	files   *sink.Files
	journal *manifest.Journal
	state   *folder.Folder
	durable bool
	earlier int   // images in the folder earlier
	err     error // the first one. After it the journal and the names on the disk may differ.
}

// logName is where moves are written, in the state folder.
const logName = "moves"

// maxLog is how long the log can be, in bytes. A batch of moves is much shorter.
const maxLog = 256 << 20

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
	if err := m.syncMoves(moves); err != nil {
		return err
	}
	if err := m.journal.Append(lines); err != nil {
		return err
	}
	failpoint.Pass("moves-recorded")
	if err := m.emptyLog(); err != nil {
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
	err := m.files.MakeFolders(one.To)
	if err == nil {
		err = m.files.Rename(one.From, one.To)
	}
	if errors.Is(err, fs.ErrNotExist) && !m.files.Exists(one.From) {
		return nil
	}
	if err == nil && isEarlier(one.To) != isEarlier(one.From) {
		m.earlier += map[bool]int{true: 1, false: -1}[isEarlier(one.To)]
	}
	if err == nil && !isEarlier(one.From) {
		m.files.RemoveFolders(one.From)
	}
	return err
}

// openLog opens the log, and makes it if it is missing. It is empty.
func (m *mover) openLog() (*os.File, error) {
	return folder.OpenRegular(m.state.Root, logName, os.O_WRONLY|os.O_CREATE|os.O_TRUNC)
}

func (m *mover) emptyLog() error {
	file, err := m.openLog()
	if err != nil {
		return err
	}
	return file.Close()
}

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
	file, err := m.openLog()
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
func (m *mover) syncMoves(moves []move) error {
	if !m.durable {
		return nil
	}
	synced := map[string]bool{}
	for _, one := range moves {
		for _, name := range []string{one.From, one.To} {
			if folder := path.Dir(name); folder != "." && !synced[folder] {
				synced[folder] = true
				if err := m.files.SyncName(name); err != nil && !errors.Is(err, fs.ErrNotExist) {
					return err
				}
			}
		}
	}
	return m.files.Sync()
}

// carriedOut returns how many of the moves a run that was killed had done: as many as lead
// to the names on the disk. A file's identity alone does not tell, since several names may
// have it. If no number fits, somebody has been here in between, and the answer is 0.
func (m *mover) carriedOut(moves []move) int {
	at, here := map[string]string{}, map[string]string{} // identities by name: as planned, and on the disk
	differ := 0
	for _, one := range moves {
		for _, name := range []string{one.From, one.To} {
			if _, known := at[name]; known || one.File == "" {
				continue
			}
			here[name], _ = m.fileID(name)
			if at[name] = ""; name == one.From {
				at[name] = one.File
			}
			if at[name] != here[name] {
				differ++
			}
		}
	}
	become := func(name, file string) {
		if at[name] == here[name] {
			differ++
		}
		if file == here[name] {
			differ--
		}
		at[name] = file
	}
	for done, one := range moves {
		if differ == 0 {
			return done
		}
		if one.File != "" {
			become(one.To, one.File)
			become(one.From, "")
		}
	}
	if differ == 0 {
		return len(moves)
	}
	return 0
}

// finish does what a run that was killed has left of its moves. A file is known
// by its identity, not by its name. What somebody has removed in between is forgotten,
// and what cannot be moved keeps its name and its record.
func (m *mover) finish() error {
	data, err := folder.Read(m.state.Root, logName, maxLog)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	var lines []byte
	moves := parseLog(data)
	for _, one := range moves[m.carriedOut(moves):] {
		if id, there := m.fileID(one.From); !there || id != one.File || m.files.Exists(one.To) {
			continue
		}
		if m.files.MakeFolders(one.To) != nil {
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
		if err := errors.Join(m.syncMoves(moves), m.recordFinished(lines)); err != nil {
			return err
		}
	}
	failpoint.Pass("moves-recorded")
	return m.state.Remove(logName)
}

// parseLog returns the moves of a log. Without its end, no file was renamed yet. A move
// between names that grab never gives is not grab's.
func parseLog(data []byte) (moves []move) {
	lines, whole := bytes.CutSuffix(data, []byte(logEnd))
	if !whole {
		return nil
	}
	for dec := json.NewDecoder(bytes.NewReader(lines)); dec.More(); {
		var one move
		if dec.Decode(&one) != nil || !one.plausible() {
			break // damaged
		}
		moves = append(moves, one)
	}
	return moves
}

// recordFinished appends lines to the manifest.
func (m *mover) recordFinished(lines []byte) error {
	journal, err := manifest.OpenIn(m.files.Root(), m.durable)
	if err != nil {
		return err
	}
	return errors.Join(journal.Append(lines), journal.Close())
}

// cleanUp removes the log, which is empty once all moves are recorded, and the folder
// earlier if nothing is left in it.
func (m *mover) cleanUp() {
	if m.err == nil {
		_ = m.state.Remove(logName)
		if info, err := m.files.Stat(sink.EarlierDir); err == nil && info.IsDir() {
			_ = m.files.Remove(sink.EarlierDir)
		}
	}
}

// isEarlier reports whether a file is in the folder earlier.
func isEarlier(file string) bool { return path.Dir(file) == sink.EarlierDir }

// countEarlier returns how many images are in the folder earlier. What has its name and
// is no folder is in nobody's way until an image has to go there.
func countEarlier(dir *os.Root) (int, error) {
	earlier, err := folder.OpenIn(dir, sink.EarlierDir)
	if err != nil {
		return 0, nil
	}
	entries, err := fs.ReadDir(earlier.FS(), ".")
	return len(entries), errors.Join(err, earlier.Close())
}
