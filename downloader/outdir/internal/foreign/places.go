package outdir

import (
	"io"
	"iter"
	"os"
	"slices"

	"grab/downloader/sink"
)

// names are those files of a directory that have names as grab gives them, by
// extension. They are read beside the manifest, which takes as long.
type names map[string]*indices

// indices are those of files with the same extension.
type indices struct {
	sorted  []uint32
	dropped []bool // beside sorted; nil: none is
}

func readNames(dir *os.Root) (names, error) {
	folder, err := dir.Open(".")
	if err != nil {
		return nil, err
	}
	defer func() { _ = folder.Close() }()
	found := names{}
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

// without returns the names that owned does not report.
func (n names) without(owned func(index int, ext string) bool) names {
	left := names{}
	for ext, all := range n {
		rest := slices.DeleteFunc(all.sorted, func(index uint32) bool { return owned(int(index), ext) })
		if len(rest) > 0 {
			slices.Sort(rest)
			left[ext] = &indices{sorted: slices.Clip(rest)}
		}
	}
	return left
}

func (n names) has(index int, ext string) bool {
	all := n[ext]
	if all == nil {
		return false
	}
	at, found := slices.BinarySearch(all.sorted, uint32(index))
	return found && (all.dropped == nil || !all.dropped[at])
}

// extensions returns those with which an index is there, in order.
func (n names) extensions(index int) (exts []string) {
	for ext := range n {
		if n.has(index, ext) {
			exts = append(exts, ext)
		}
	}
	slices.Sort(exts)
	return exts
}

// all yields the names.
func (n names) all() iter.Seq[string] {
	return func(yield func(string) bool) {
		for ext, all := range n {
			for at, index := range all.sorted {
				if (all.dropped == nil || !all.dropped[at]) && !yield(sink.Name(int(index), ext)) {
					return
				}
			}
		}
	}
}

// drop removes a name, which must be there.
func (n names) drop(index int, ext string) {
	all := n[ext]
	if all.dropped == nil {
		all.dropped = make([]bool, len(all.sorted))
	}
	at, _ := slices.BinarySearch(all.sorted, uint32(index))
	all.dropped[at] = true
}
