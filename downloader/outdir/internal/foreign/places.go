// Package foreign has sets of the files in an output directory that have names as grab gives them,
// and are in no record.
package foreign

import (
	"io"
	"iter"
	"os"
	"slices"

	"grab/downloader/sink"
)

// Places are the files of a directory that have names by their places in a list, by extension.
// They are read beside the manifest, which takes as long.
type Places map[string]*indices

// indices are those of files with the same extension.
type indices struct {
	sorted  []uint32
	dropped []bool // beside sorted; nil: none is
}

// ReadPlaces returns all such files of a directory, also those in records.
func ReadPlaces(dir *os.Root) (Places, error) {
	folder, err := dir.Open(".")
	if err != nil {
		return nil, err
	}
	defer func() { _ = folder.Close() }()
	found := Places{}
	for {
		some, err := folder.Readdirnames(1024)
		for _, name := range some {
			if index, ext, ok := sink.ParseName(name); ok {
				if found[ext] == nil {
					found[ext] = &indices{}
				}
				found[ext].sorted = append(found[ext].sorted, uint32(index))
			}
		}
		if err == io.EOF {
			return found, nil
		}
		if err != nil {
			return nil, err
		}
	}
}

// Without returns the names that owned does not report.
func (p Places) Without(owned func(index int, ext string) bool) Places {
	left := Places{}
	for ext, all := range p {
		rest := slices.DeleteFunc(all.sorted, func(index uint32) bool { return owned(int(index), ext) })
		if len(rest) > 0 {
			slices.Sort(rest)
			left[ext] = &indices{sorted: slices.Clip(rest)}
		}
	}
	return left
}

// Has reports whether a name is there.
func (p Places) Has(index int, ext string) bool {
	all := p[ext]
	if all == nil {
		return false
	}
	at, found := slices.BinarySearch(all.sorted, uint32(index))
	return found && (all.dropped == nil || !all.dropped[at])
}

// Extensions returns those with which an index is there, in order.
func (p Places) Extensions(index int) (exts []string) {
	for ext := range p {
		if p.Has(index, ext) {
			exts = append(exts, ext)
		}
	}
	slices.Sort(exts)
	return exts
}

// All yields the names.
func (p Places) All() iter.Seq[string] {
	return func(yield func(string) bool) {
		for ext, all := range p {
			for at, index := range all.sorted {
				if (all.dropped == nil || !all.dropped[at]) && !yield(sink.Name(int(index), ext)) {
					return
				}
			}
		}
	}
}

// Drop removes a name, which must be there.
func (p Places) Drop(index int, ext string) {
	all := p[ext]
	if all.dropped == nil {
		all.dropped = make([]bool, len(all.sorted))
	}
	at, _ := slices.BinarySearch(all.sorted, uint32(index))
	all.dropped[at] = true
}
