package outdir

import (
	"fmt"
	"path"

	"grab/downloader"
	"grab/downloader/sink"
)

// plan is a sequence of moves that are not done yet, and the names after them.
type plan struct {
	*mover
	moves  []move
	origin map[string]string // by the new name of a file: the one that it has on the disk
	left   map[string]bool   // names on the disk whose files have others then

	hasFolder bool // the folder earlier is there
}

func (m *mover) newPlan() *plan {
	return &plan{mover: m, origin: map[string]string{}, left: map[string]bool{}}
}

// relocate plans to give a record's file another name and index. A file that somebody
// has removed is forgotten, and its record must not name it either: the name may be
// another image's soon, which has no record yet if this process is killed.
func (p *plan) relocate(e downloader.Earlier, index, line int, to string) error {
	from := p.journal.File(e.ID)
	file, there := p.fileID(p.originOf(from))
	record, err := p.journal.Relocate(e.ID, index, line, to)
	if err != nil {
		return fmt.Errorf("move %s to %s: %w", from, to, err)
	}
	p.add(move{From: from, To: to, File: file, Line: string(record)})
	if !there {
		p.journal.Forget(e.ID)
	}
	return nil
}

// aside plans to move a record's file to the folder earlier. It keeps its index: the
// place that it had last.
func (p *plan) aside(e downloader.Earlier) error {
	file := p.journal.File(e.ID)
	to, err := p.earlierName(file)
	if err != nil {
		return err
	}
	return p.relocate(e, e.Index, -1, to)
}

// unknownAside plans to move a file without a record to the folder earlier.
func (p *plan) unknownAside(name string) error {
	to, err := p.earlierName(name)
	if err != nil {
		return err
	}
	if file, there := p.fileID(name); there {
		p.add(move{From: name, To: to, File: file})
	}
	return nil
}

func (p *plan) add(m move) {
	origin := p.originOf(m.From)
	delete(p.origin, m.From)
	p.left[origin], p.origin[m.To] = true, origin
	p.moves = append(p.moves, m)
}

// originOf returns the name that a file has on the disk.
func (p *plan) originOf(name string) string {
	if origin, moved := p.origin[name]; moved {
		return origin
	}
	return name
}

// taken reports whether anything has a name once the moves are done.
func (p *plan) taken(name string) bool {
	if _, moved := p.origin[name]; moved {
		return true
	}
	return !p.left[name] && p.files.Exists(name)
}

// earlierName returns the name that a file gets in the folder earlier, which it makes.
func (p *plan) earlierName(file string) (string, error) {
	if !p.hasFolder {
		if err := p.files.MakeFolder(sink.EarlierDir); err != nil {
			return "", err
		}
		p.hasFolder = true
	}
	return p.freeName(path.Join(sink.EarlierDir, path.Base(file)), file), nil
}

// freeName returns name, or name-2 and so on if that is taken. A file that has one of
// these names keeps it.
func (p *plan) freeName(name, file string) string {
	ext := path.Ext(name)
	stem := name[:len(name)-len(ext)]
	for n := 2; name != file && p.taken(name); n++ {
		name = fmt.Sprintf("%s-%d%s", stem, n, ext)
	}
	return name
}

// setAside moves a record's file to the folder earlier.
func (m *mover) setAside(e downloader.Earlier) error {
	p := m.newPlan()
	err := p.aside(e)
	return m.do(p.moves, err)
}

// setAsideUnknown moves an image that a killed run has left without a record.
func (m *mover) setAsideUnknown(name string) error {
	p := m.newPlan()
	err := p.unknownAside(name)
	return m.do(p.moves, err)
}
