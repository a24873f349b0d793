package naming

import (
	"crypto/sha256"
	"encoding/binary"

	"grab/downloader"
	"grab/downloader/sink"
)

// Rule says how a list's items get their names.
type Rule struct {
	Template *Template
	Columns  func(downloader.Item) Lookup // of an item's row; nil: there are none
	Unique   bool                         // an entry whose name another one has fails; else it gets a number
}

// Apply gives the items of a list their names. Of entries with one name the first in the
// list has it, the next gets -2, and so on. It remembers about 40 bytes for each name.
func (r Rule) Apply(src downloader.Source) downloader.Source {
	return func(yield func(downloader.Item, error) bool) {
		names := taken{}
		for item, err := range src {
			if err == nil {
				err = r.name(&item, names)
			}
			if !yield(item, err) {
				return
			}
		}
	}
}

// name gives an item its name. An item without one is an *[downloader.Error].
func (r Rule) name(item *downloader.Item, names taken) error {
	var columns Lookup
	if r.Columns != nil {
		columns = r.Columns(*item)
	}
	pattern, err := r.Template.Pattern(*item, columns)
	if err != nil {
		return &downloader.Error{Class: downloader.ClassPolicy, Op: "name", Err: err}
	}
	unique := names.take(pattern)
	if r.Unique && unique != pattern {
		return &downloader.Error{Class: downloader.ClassExists, Reason: "an entry before this one has its name"}
	}
	item.Name = unique
	return nil
}

// taken has the next number for each name that is taken, by the name's hash. The hash is
// the same in every run.
type taken map[uint64]uint32

// take returns the pattern, with a number if it is taken.
func (t taken) take(pattern string) string {
	hash := hashOf(pattern)
	n, found := t[hash]
	if !found {
		t[hash] = 2
		return pattern
	}
	for {
		numbered := sink.Numbered(pattern, int(n))
		n++
		if other := hashOf(numbered); t[other] == 0 {
			t[hash], t[other] = n, 2
			return numbered
		}
	}
}

// hashOf returns a hash of all names that a file system may take for the pattern's.
func hashOf(pattern string) uint64 {
	sum := sha256.Sum256([]byte(sink.Fold(pattern)))
	return binary.LittleEndian.Uint64(sum[:])
}
