package outdir

import (
	"cmp"
	"context"
	"encoding/hex"
	"errors"
	"io/fs"
	"time"

	"grab/downloader"
	"grab/downloader/sink"
)

// put is [Dir.Put], whether equal bytes are stored once or not.
func (d *Dir) put(ctx context.Context, s downloader.Staged) (string, error) {
	if s.Name != "" {
		return d.putNamed(ctx, s)
	}
	if !d.rerun {
		return d.replace(ctx, s)
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.moves.err != nil {
		return "", d.moves.err // the name may be that of another image, which was to be moved
	}
	if e, claimer, ok := d.Occupant(s.Index); ok && claimer != s.Index {
		if err := d.moves.setAside(e); err != nil {
			return "", err
		}
	}
	name := sink.Name(s.Index, s.Ext)
	if d.foreign.Has(s.Index, s.Ext) && d.files.Exists(name) && !d.files.IsLink(name) {
		if d.sameBytes(ctx, name, s) {
			d.drop(name)
			return name, d.files.Remove(s.Path)
		}
		if !d.resumed {
			return "", exists(name)
		}
		if err := d.moves.setAsideUnknown(name); err != nil {
			return "", err
		}
		d.drop(name)
	}
	if !d.hadAlien || d.Owns(s.Index, s.Ext) || d.files.IsLink(name) {
		return d.replace(ctx, s)
	}
	name, err := d.files.PutNew(s)
	if errors.Is(err, fs.ErrExist) {
		return "", exists(sink.Name(s.Index, s.Ext))
	}
	return name, err
}

// putNamed is put for an item with a name of its own. It replaces the item's own
// former file, and nothing else.
func (d *Dir) putNamed(ctx context.Context, s downloader.Staged) (string, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if err := cmp.Or(d.moves.err, d.widen()); err != nil {
		return "", err
	}
	name := sink.Fill(s.Name, s.Ext, s.SHA256, time.Now())
	if obstacle, ok := d.files.Obstacle(name); ok {
		return "", exists(obstacle)
	}
	e, claimer, occupied := d.OccupantNamed(sink.Stem(name))
	if occupied && claimer != s.Index {
		if err := d.moves.setAside(e); err != nil {
			return "", err
		}
	}
	if d.files.Exists(name) {
		own := occupied && claimer == s.Index && e.File == name
		_, regular := d.files.Size(name)
		switch stray := d.strays.Has(name); {
		case own && regular && d.vouched(ctx, e, name):
			return d.files.PutNamed(s, name)
		case stray && d.sameBytes(ctx, name, s):
			d.drop(name)
			return name, d.files.Remove(s.Path)
		case !regular, !own && !(stray && d.isLeft(name)):
			return "", exists(name)
		}
		if err := d.moves.setAsideUnknown(name); err != nil {
			return "", err
		}
		d.drop(name)
	}
	return d.files.PutNamed(s, name)
}

// replace puts an image over what has its name. A folder cannot be replaced, and is
// nobody's image.
func (d *Dir) replace(ctx context.Context, s downloader.Staged) (string, error) {
	placed, err := d.files.Put(ctx, s)
	if err != nil && d.files.IsFolder(sink.Name(s.Index, s.Ext)) {
		return "", exists(sink.Name(s.Index, s.Ext))
	}
	return placed.File, err
}

func exists(name string) error {
	return &downloader.Error{Class: downloader.ClassExists, Reason: name + " is there, and not grab's: move it away, or choose another directory"}
}

// sameBytes reports whether the file of that name is what is staged.
func (d *Dir) sameBytes(ctx context.Context, name string, s downloader.Staged) bool {
	if size, there := d.files.Size(name); !there || size != s.Bytes {
		return false
	}
	sum, err := d.files.Hash(ctx, name)
	return err == nil && hex.EncodeToString(sum[:]) == s.SHA256
}

// Adopt implements [downloader.Archive].
func (d *Dir) Adopt(ctx context.Context, item downloader.Item) (downloader.Earlier, bool) {
	if !d.opts.Adopt {
		return downloader.Earlier{}, false
	}
	names, err := d.foreignOf(item)
	if err != nil {
		return downloader.Earlier{}, false // putting the image says why
	}
	for _, name := range names {
		size, there := d.files.Size(name)
		if !there || !whole(ctx, d.files, name, size, d.opts) {
			continue
		}
		sum, err := d.files.Hash(ctx, name)
		if err != nil {
			continue
		}
		d.mu.Lock()
		d.drop(name)
		d.mu.Unlock()
		return downloader.Earlier{ID: -1, Index: item.Index, Status: downloader.StatusOK, File: name, Bytes: size, SHA256: sum}, true
	}
	return downloader.Earlier{}, false
}
