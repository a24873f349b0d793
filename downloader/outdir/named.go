package outdir

import (
	"context"
	"encoding/hex"
	"path"
	"slices"
	"time"

	"grab/downloader"
	"grab/downloader/sink"
)

// This file has what is different about items with names of their own. Such a name is
// known by its stem: names that differ in case or in their extension alone are one.

// widen gets the directory ready for items with names of their own: it looks for foreign
// files in all folders, and claims the images in them if there are none.
func (d *Dir) widen() error {
	if d.strays != nil {
		return nil
	}
	found, err := findStrays(d.files.Root(), func(name string) bool {
		_, _, byPlace := sink.ParseName(name) // those in no record are in foreign, or this run's
		return byPlace || d.OwnsName(name)
	})
	if err != nil {
		return err
	}
	narrow := d.hadAlien && !d.resumed || len(found) > 0 && !d.widely
	for name := range d.foreign.all() {
		found.add(name)
	}
	d.strays = found
	if narrow {
		return nil // there can be no claim
	}
	return claim(d.lock.Folder, wideClaimText, d.widely, d.opts.Durable)
}

// foreignOf returns the names of files that are in no record and have an item's name.
func (d *Dir) foreignOf(item downloader.Item) (found []string, err error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if item.Name != "" {
		if err := d.widen(); err != nil {
			return nil, err
		}
		return slices.Clone(d.strays[sink.Fold(item.Name)]), nil
	}
	for _, ext := range d.foreign.extensions(item.Index) {
		found = append(found, sink.Name(item.Index, ext))
	}
	return found, nil
}

func (d *Dir) isForeign(item downloader.Item, name string) bool {
	if item.Name != "" {
		return d.strays.has(name)
	}
	return d.foreign.has(item.Index, path.Ext(name))
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
	d.strays.drop(name)
	if index, ext, ok := sink.ParseName(name); ok && d.foreign.has(index, ext) {
		d.foreign.drop(index, ext)
	}
}

// vouched reports whether the file of a record is what grab wrote. Grab alone gives names
// by places. With any other name, a manifest that came with an archive may list a file
// that was there before: only the bytes tell.
func (d *Dir) vouched(ctx context.Context, e downloader.Earlier, file string) bool {
	if sink.IsImage(file) {
		return true
	}
	sum, err := d.files.Hash(ctx, file)
	return err == nil && sum == e.SHA256
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
