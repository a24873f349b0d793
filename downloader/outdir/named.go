package outdir

import (
	"encoding/hex"
	"path"
	"slices"
	"time"

	"grab/downloader"
	"grab/downloader/sink"
)

// This file has what is different about items with names of their own. Such a name is
// known by its stem: names that differ in case or in their extension alone are one.

// foreignOf returns the names of files that are in no record and have an item's name.
func (d *Dir) foreignOf(item downloader.Item) (found []string, err error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if item.Name != "" {
		if err := d.widen(); err != nil {
			return nil, err
		}
		return slices.Clone(d.strays.Alike(item.Name)), nil
	}
	for _, ext := range d.foreign.Extensions(item.Index) {
		found = append(found, sink.Name(item.Index, ext))
	}
	return found, nil
}

func (d *Dir) isForeign(item downloader.Item, name string) bool {
	if item.Name != "" {
		return d.strays.Has(name)
	}
	return d.foreign.Has(item.Index, path.Ext(name))
}

// isLeft reports whether a foreign file is what a killed run left: an image without a
// record.
func (d *Dir) isLeft(name string) bool {
	if _, _, byPlace := sink.ParseName(name); byPlace {
		return d.resumed
	}
	return d.widely
}

// drop forgets that a file is in no record.
func (d *Dir) drop(name string) {
	d.strays.Drop(name)
	if index, ext, ok := sink.ParseName(name); ok && d.foreign.Has(index, ext) {
		d.foreign.Drop(index, ext)
	}
}

// occupant returns the record whose file has an item's name.
func (d *Dir) occupant(item downloader.Item, name string) (e downloader.Earlier, claimer int, ok bool) {
	if item.Name != "" {
		return d.OccupantNamed(sink.Stem(name))
	}
	return d.Occupant(item.Index)
}

// nameFor returns the name that the file of an item's record should have.
func nameFor(item downloader.Item, e downloader.Earlier, file string) string {
	if item.Name == "" {
		return sink.Name(item.Index, path.Ext(file))
	}
	return sink.Refill(item.Name, file, hex.EncodeToString(e.SHA256[:]), time.Now())
}
