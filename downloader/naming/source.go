package naming

import (
	"crypto/sha256"
	"encoding/binary"
	"strconv"

	"grab/downloader"
	"grab/downloader/sink"
)

// Rule says how a list's items get their names.
type Rule struct {
	Template *Template // nil: names by places, image_{index}
	Unique   bool      // an entry whose name another one has fails; else it gets a number
}

// Apply gives the items of a list their names: that of their row's column filename, or else
// that of the template. Of entries with one name the first in the list has it, the next
// gets -2, and so on. It remembers about 40 bytes for each name.
//
// Without a template, it does nothing before the first row that has a filename.
func (r Rule) Apply(src downloader.Source) downloader.Source {
	return func(yield func(downloader.Item, error) bool) {
		var names taken
		for item, err := range src {
			if err == nil {
				err = r.name(&item, &names)
			}
			if !yield(item, err) {
				return
			}
		}
	}
}

// name gives an item its name. An item without one is an *[downloader.Error].
func (r Rule) name(item *downloader.Item, names *taken) error {
	wanted := filename(item.Fields)
	if r.Template == nil && wanted == "" && names.next == nil {
		return nil
	}
	if names.next == nil {
		names.next = map[uint64]uint32{}
		if r.Template == nil {
			names.places = item.Index
		}
	}
	pattern := "image_" + strconv.Itoa(item.Index)
	var err error
	switch {
	case wanted != "":
		pattern = trueStem(withoutMarks(wanted))
	case r.Template != nil:
		pattern, err = r.Template.Pattern(*item)
	}
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

// taken are the names that entries have.
type taken struct {
	// next has the next number for each name, by the name's hash. The hash is the same in
	// every run.
	next   map[uint64]uint32
	places int // entries before this index may have names by their places
}

// take returns the pattern, with a number if it is taken.
func (t *taken) take(pattern string) string {
	hash := hashOf(pattern)
	n := t.next[hash]
	if n == 0 && !t.isPlace(pattern) {
		t.next[hash] = 2
		return pattern
	}
	for n = max(n, 2); ; n++ {
		numbered := sink.Numbered(pattern, int(n))
		if other := hashOf(numbered); t.next[other] == 0 {
			t.next[hash], t.next[other] = n+1, 2
			return numbered
		}
	}
}

// isPlace reports whether an entry may have the name by its place.
func (t *taken) isPlace(pattern string) bool {
	if t.places == 0 {
		return false
	}
	index, ok := sink.ParseStem(pattern)
	return ok && index < t.places
}

// hashOf returns a hash of all names that a file system may take for the pattern's.
func hashOf(pattern string) uint64 {
	sum := sha256.Sum256([]byte(sink.Fold(pattern)))
	return binary.LittleEndian.Uint64(sum[:])
}
