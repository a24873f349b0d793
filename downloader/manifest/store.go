package manifest

// blockSize is how many records are kept together.
const blockSize = 1024

// record is what is kept of a URL.
type record struct {
	url    uint64   // hash
	offset int64    // of its line
	bytes  int64    // if ok; if failed, when it was last asked for, in nanoseconds of Unix time
	sum    [32]byte // if ok; if failed, the HTTP status and the time of the first failure
	number uint32   // tells it from other records of its URL
	index  uint32   // the place that it had in its list
	taken  uint32   // index+1 of the item that has claimed it, or 0
	ext    uint8    // named, or a position in history.exts
	class  uint8
	status uint8
}

// named is the ext of a record whose file's name is in history.names.
const named = 255

func (r *record) named() bool { return r.status == saysOK && r.ext == named }

// What a record says. One that was superseded says nothing.
const (
	saysNothing = iota
	saysOK
	saysFailed
)

// free reports whether an item can claim the record.
func (r *record) free() bool { return r.taken == 0 && r.status != saysNothing }

// store holds records by their ids, which count from 0.
type store struct {
	blocks []*[blockSize]record
	count  int // superseded ones included
}

func (s *store) at(id uint32) *record { return &s.blocks[id/blockSize][id%blockSize] }

// add makes a new record of a URL.
func (s *store) add(url uint64) uint32 {
	id := uint32(s.count)
	if int(id)/blockSize == len(s.blocks) {
		s.blocks = append(s.blocks, new([blockSize]record))
	}
	s.count++
	s.at(id).url = url
	return id
}
