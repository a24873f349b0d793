package outdir

import (
	"cmp"
	"context"

	"grab/downloader"
	"grab/downloader/sink"
)

// Arrange implements [downloader.Archive]. Where moves are in each other's way, they
// are put in order; a circle is broken by setting one file aside. A file that a record
// has, but grab did not write, stays where it is.
func (d *Dir) Arrange(ctx context.Context, wanted []downloader.Move) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	a := arrangement{plan: d.moves.newPlan(), dir: d, of: map[int]*downloader.Move{}, state: map[int]int{}}
	var err error
	for i := range wanted {
		w := &wanted[i]
		if w.Item.Name != "" {
			err = cmp.Or(err, d.widen())
		}
		if w.File = w.Earlier.File; w.Earlier.ID < 0 {
			continue
		}
		if w.File = d.File(w.Earlier.ID); d.isPlanted(ctx, w) {
			d.disown(w.Earlier.ID)
			w.File = ""
			continue
		}
		a.of[w.Earlier.ID] = w
	}
	for i := 0; i < len(wanted) && err == nil; i++ {
		err = a.place(&wanted[i])
	}
	return d.moves.do(a.moves, err)
}

// isPlanted reports whether a file that is to be moved is none of grab's. The caller holds
// the lock: the file may be moved aside otherwise while it is read.
func (d *Dir) isPlanted(ctx context.Context, w *downloader.Move) bool {
	if w.Earlier.ID < 0 {
		return false
	}
	file := d.File(w.Earlier.ID)
	if file == "" || file == nameFor(w.Item, w.Earlier, file) || sink.IsImage(file) {
		return false
	}
	_, there := d.files.Size(file)
	return there && !d.vouched(ctx, w.Earlier, file)
}

// disown makes the file of a record a foreign one.
func (d *Dir) disown(id int) {
	file := d.File(id)
	d.Forget(id)
	if d.strays != nil && file != "" {
		d.strays.Add(file)
	}
}

// arrangement puts moves in an order in which each finds its name free.
type arrangement struct {
	*plan
	dir   *Dir
	of    map[int]*downloader.Move // by id of the record
	state map[int]int              // by id of the record
}

const (
	placing = 1
	placed  = 2
)

func (a *arrangement) place(w *downloader.Move) error {
	id := w.Earlier.ID
	if id < 0 || a.state[id] != 0 || w.File == "" {
		return nil
	}
	to := nameFor(w.Item, w.Earlier, w.File)
	a.state[id] = placing
	if _, blocked := a.files.Obstacle(to); w.File != to && !blocked {
		if err := a.vacate(w.Item, to); err != nil {
			return err
		}
		w.File = a.journal.File(id) // if it was part of a circle, it has been set aside
		if err := a.clear(w.Item, to); err != nil {
			return err
		}
		if to = a.freeName(to, w.File); w.File != to { // a foreign file stays
			if err := a.relocate(w.Earlier, w.Item.Index, w.Item.Line, to); err != nil {
				return err
			}
			w.File = a.journal.File(id)
		}
	}
	a.state[id] = placed
	return nil
}

// clear makes room at a name that a killed run has given to an image without a record.
func (a *arrangement) clear(item downloader.Item, name string) error {
	if !a.dir.resumed || !a.dir.isForeign(item, name) {
		return nil
	}
	a.dir.drop(name)
	return a.unknownAside(name)
}

// vacate moves the image that has an item's name to its own new place, or aside.
func (a *arrangement) vacate(item downloader.Item, name string) error {
	for {
		e, _, ok := a.dir.occupant(item, name)
		if !ok {
			return nil
		}
		w := a.of[e.ID]
		if w != nil && a.state[e.ID] == 0 {
			if err := a.place(w); err != nil {
				return err
			}
			if a.journal.File(e.ID) != e.File {
				continue // it has gone to its new place
			}
		}
		if err := a.aside(e); err != nil {
			return err
		}
		if w != nil {
			w.File = a.journal.File(e.ID)
		}
	}
}
