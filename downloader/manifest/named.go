package manifest

import (
	"hash/maphash"

	"grab/downloader/sink"
)

// fileNames are the names of files that do not follow from their places in the list: those
// in the folder earlier, those with a number, and those of a template.
type fileNames struct {
	of     map[uint32]string // by id
	owners map[uint64]uint32 // id+1 by the hash of what stems that are one have in common
	seed   maphash.Seed
}

func newFileNames(seed maphash.Seed) fileNames {
	return fileNames{of: map[uint32]string{}, owners: map[uint64]uint32{}, seed: seed}
}

func (n *fileNames) any() bool { return len(n.of) > 0 }

func (n *fileNames) key(stem string) uint64 { return maphash.String(n.seed, sink.Fold(stem)) }

// set gives a record its name.
func (n *fileNames) set(id uint32, file string) {
	n.of[id] = file
	n.owners[n.key(sink.Stem(file))] = id + 1
}

// drop takes its name from a record.
func (n *fileNames) drop(id uint32) {
	key := n.key(sink.Stem(n.of[id]))
	if n.owners[key] == id+1 {
		delete(n.owners, key)
	}
	delete(n.of, id)
}

// owner returns the record whose file has a stem, whatever its extension and its case.
func (n *fileNames) owner(stem string) (id uint32, ok bool) {
	id = n.owners[n.key(stem)] - 1
	file, ok := n.of[id]
	return id, ok && sink.Fold(sink.Stem(file)) == sink.Fold(stem)
}
