package outdir

import (
	"cmp"
	"context"
	"os"
	"path"

	"grab/downloader"
	"grab/downloader/internal/failpoint"
	"grab/downloader/sink"
)

// Put implements [downloader.Sink]. Another image that has the name, or whose name
// differs in its extension alone, is moved to the folder earlier. A foreign file
// stays: if it has the same bytes it is adopted, and the error is of
// [downloader.ClassExists] otherwise.
func (d *Dir) Put(ctx context.Context, s downloader.Staged) (downloader.Placed, error) {
	if d.once != nil {
		return d.putOnce(ctx, s)
	}
	name, err := d.put(ctx, s)
	return downloader.Placed{File: name}, err
}

// Unshared returns how many images could not share the bytes of another file, and why the
// first of them could not.
func (d *Dir) Unshared() (images int, why error) {
	if d.once == nil {
		return 0, nil
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.once.refused, d.once.err
}

// putOnce is [Dir.Put] for a directory that stores equal bytes once. The staged file gives
// way to a second name of the other file, which goes the way of any staged file.
func (d *Dir) putOnce(ctx context.Context, s downloader.Staged) (downloader.Placed, error) {
	defer d.once.wait(s.SHA256)()
	sealed := s.Path
	link := path.Join(path.Dir(sealed), "same-"+path.Base(sealed)) // the next run removes it, if need be
	other, err := d.linkAlike(ctx, s, link)
	if err != nil {
		return downloader.Placed{}, err
	}
	if other != "" {
		s.Path = link
		failpoint.Pass("once-linked")
	}
	placed := downloader.Placed{}
	placed.File, err = d.put(ctx, s)
	if other == "" {
		if err == nil {
			d.mu.Lock()
			d.once.placed[s.SHA256] = placed.File
			d.mu.Unlock()
		}
		return placed, err
	}
	failpoint.Pass("once-put")
	placed.SameAs = d.otherName(placed.File, other, s.SHA256)
	// A rename from one name of a file to another of its names does nothing.
	return placed, cmp.Or(err, d.files.Remove(s.Path), d.files.Remove(sealed))
}

// linkAlike gives a file that has the bytes of what is staged a second name, and returns
// its first one, or "" if there is none. The bytes are looked at under the second name:
// another image can take the first one at any time.
func (d *Dir) linkAlike(ctx context.Context, s downloader.Staged, link string) (file string, err error) {
	if file = d.link(s, link); file == "" {
		return "", nil
	}
	if d.sameBytes(ctx, link, s) { // somebody may have changed it
		// An earlier run may have left it without waiting for the disk.
		err := d.files.SyncFile(link)
		if err == nil {
			return file, nil
		}
		d.mu.Lock()
		d.once.refuse(err)
		d.mu.Unlock()
	}
	return "", d.files.Remove(link)
}

// link gives the file that has the bytes of what is staged, as far as the records say, a
// second name.
func (d *Dir) link(s downloader.Staged, link string) (file string) {
	d.mu.Lock() // no file moves meanwhile
	defer d.mu.Unlock()
	file, ok := d.once.placed[s.SHA256]
	if !ok {
		file, ok = d.FileWith(s.SHA256)
	}
	if !ok {
		return ""
	}
	if size, there := d.files.Size(file); !there || size != s.Bytes {
		return ""
	}
	if err := d.files.Link(file, link); err != nil {
		d.once.refuse(err)
		return ""
	}
	return file
}

// otherName returns another name of a file: the one that it was linked to or, if that has
// moved in the meantime, the one that the journal has for the bytes; "" if neither is.
func (d *Dir) otherName(file, linked, sum string) string {
	d.mu.Lock() // no file moves meanwhile
	defer d.mu.Unlock()
	if d.isSame(linked, file) {
		return linked
	}
	if moved, ok := d.FileWith(sum); ok && d.isSame(moved, file) {
		return moved
	}
	return ""
}

// isSame reports whether a file has two names. Another image may have got the first one.
func (d *Dir) isSame(a, b string) bool {
	if sink.Fold(a) == sink.Fold(b) {
		return false
	}
	one, err := d.files.Stat(a)
	if err != nil {
		return false
	}
	two, err := d.files.Stat(b)
	return err == nil && os.SameFile(one, two)
}
