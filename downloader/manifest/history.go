package manifest

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"errors"
	"hash/maphash"
	"io"
	"slices"
	"time"

	"grab/downloader"
	"grab/downloader/sink"
)

// Limits of what is kept and read.
const (
	readBuffer   = 1 << 20 // bytes; a longer line is damaged
	blockSize    = 1024    // records, and places, that are kept together
	shownDamages = 10
)

// history is what the lines of a manifest say, a record for each URL. A URL that
// stands in a list twice has two records, told apart by their numbers. It takes
// about 80 bytes a record, and 10 more once a list has been reordered.
//
// Most lists are run again as they were. Their records are found by their places, so
// the hash table by URL is made only when a record is not where it was.
type history struct {
	seed    maphash.Seed
	blocks  []*[blockSize]record       // by id
	count   int                        // of the records, superseded ones included
	live    int                        // of those, the ones that still hold
	places  map[int]*[blockSize]uint32 // by index / blockSize: which record is there, id+1 or 0
	names   map[uint32]string          // of the files that no place gives its name
	moved   bool                       // some record is not in the place of its number
	exts    []string                   // record.ext is a position in these
	classes []downloader.Class         // record.class is a position in these

	slots   []uint32 // the hash table: id+1, or 0
	indexed int      // how many records it has

	lines   int   // in all, damaged ones included
	end     int64 // of the last whole line
	damaged []int // numbers of damaged lines, the first few
	damage  int   // how many there are
}

// record is what is kept of a URL.
type record struct {
	url    uint64   // hash
	offset int64    // of its line
	bytes  int64    // if ok; if failed, when it was last asked for, in nanoseconds of Unix time
	sum    [32]byte // if ok; if failed, the HTTP status and the time of the first failure
	number uint32   // tells it from other records of its URL
	index  uint32   // the place that it had in its list
	taken  uint32   // index+1 of the item that has claimed it, or 0
	ext    uint8
	class  uint8
	status uint8
	named  bool // its file's name is in history.names
}

// What a record says. One that was superseded says nothing.
const (
	saysNothing = iota
	saysOK
	saysFailed
)

// About how long a line is, and what is kept of it, in bytes.
const (
	lineSize = 500
	keptSize = 85
)

func (h *history) at(id uint32) *record { return &h.blocks[id/blockSize][id%blockSize] }

// read takes in a manifest from its start. What follows the last newline is no line.
func (h *history) read(r io.Reader) error {
	*h = history{seed: maphash.MakeSeed(), places: map[int]*[blockSize]uint32{}, names: map[uint32]string{}}
	lines := bufio.NewReaderSize(r, readBuffer)
	for {
		line, err := lines.ReadSlice('\n')
		length := int64(len(line))
		for errors.Is(err, bufio.ErrBufferFull) {
			line = nil // too long to be a line of grab's
			var more []byte
			more, err = lines.ReadSlice('\n')
			length += int64(len(more))
		}
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		if err := h.readLine(bytes.TrimSuffix(line, []byte("\n"))); err != nil {
			return err
		}
		h.end += length
	}
}

// readLine takes in a line that begins at h.end.
func (h *history) readLine(line []byte) error {
	h.lines++
	e, err := parseLine(line)
	if other, ok := errors.AsType[*VersionError](err); ok {
		return other
	}
	if err != nil {
		if h.damage++; len(h.damaged) < shownDamages {
			h.damaged = append(h.damaged, h.lines)
		}
		return nil
	}
	h.keep(&e, h.end)
	return nil
}

// keep makes a line the record of its URL and number.
func (h *history) keep(e *entry, offset int64) {
	url := maphash.Bytes(h.seed, e.url)
	id, known := h.find(url, e.number)
	if known {
		h.vacate(id)
	} else {
		id = h.add(url)
	}
	r := h.at(id)
	*r = record{url: url, offset: offset, number: e.number, index: uint32(e.index), taken: r.taken, class: position(&h.classes, e.class)}
	switch e.status {
	case downloader.StatusOK:
		r.status, r.bytes, r.sum = saysOK, e.bytes, e.sum
		h.occupy(id, string(e.file))
	case downloader.StatusFailed:
		r.status, r.bytes = saysFailed, nanoseconds(e.asked)
		binary.LittleEndian.PutUint16(r.sum[:], uint16(e.httpStatus))
		binary.LittleEndian.PutUint64(r.sum[8:], uint64(nanoseconds(e.since)))
	}
	if r.status != saysNothing {
		h.live++
	}
	if r.status != saysOK {
		h.stand(id)
	}
}

// stand gives a record without a file its place, if no other is there.
func (h *history) stand(id uint32) {
	r := h.at(id)
	place := h.place(int(r.index), true)
	if *place == 0 && r.number == r.index {
		*place = id + 1
	} else {
		h.moved = true
	}
}

// nanoseconds returns a time as Unix time; none, and what is out of range, is 0.
func nanoseconds(t time.Time) int64 {
	if t.Year() < 1970 || t.Year() > 2200 {
		return 0
	}
	return t.UnixNano()
}

// occupy gives a record its file. An earlier file of that very name is no more: the
// line that says so was written after the file was replaced.
func (h *history) occupy(id uint32, file string) {
	r := h.at(id)
	ext, ok := sink.Ext(int(r.index), []byte(file))
	if !ok {
		r.named, h.names[id], h.moved = true, file, true
		return
	}
	r.ext = position(&h.exts, ext)
	place := h.place(int(r.index), true)
	if former := *place; former != 0 && former != id+1 {
		h.moved = true
		if old := h.at(former - 1); old.status == saysOK && old.ext == r.ext {
			old.status = saysNothing
			h.live--
		}
	}
	*place = id + 1
	h.moved = h.moved || r.number != r.index
}

// vacate takes its file and its place from a record that a new line supersedes.
func (h *history) vacate(id uint32) {
	r := h.at(id)
	if r.named {
		delete(h.names, id)
	} else if place := h.place(int(r.index), false); place != nil && *place == id+1 {
		*place = 0
	}
	if r.status != saysNothing {
		h.live--
		r.status = saysNothing
	}
}

// file returns the name of a record's file, or "" if it has none.
func (h *history) file(id uint32) string {
	r := h.at(id)
	switch {
	case r.status != saysOK:
		return ""
	case r.named:
		return h.names[id]
	}
	return sink.Name(int(r.index), h.exts[r.ext])
}

// place returns where it says which record's file has the name of an index: id+1,
// or 0. It is nil if nothing is known around there, unless it is to be made.
func (h *history) place(index int, make bool) *uint32 {
	block := h.places[index/blockSize]
	if block == nil {
		if !make {
			return nil
		}
		block = new([blockSize]uint32)
		h.places[index/blockSize] = block
	}
	return &block[index%blockSize]
}

// occupant returns the record whose file has the name of an index.
func (h *history) occupant(index int) (id uint32, ok bool) {
	id, ok = h.inPlace(index)
	return id, ok && h.at(id).status == saysOK
}

// inPlace returns the record that has a place.
func (h *history) inPlace(index int) (id uint32, ok bool) {
	place := h.place(index, false)
	if place == nil || *place == 0 {
		return 0, false
	}
	return *place - 1, true
}

// owns reports whether a record has the file of that name.
func (h *history) owns(index int, ext string) bool {
	id, ok := h.occupant(index)
	return ok && h.exts[h.at(id).ext] == ext
}

// claim returns the best record of an item's URL that no other item has: a finished
// one of its own place, then finished ones in the order of their places, so that no
// image is asked for that is there; then failed ones likewise.
func (h *history) claim(item downloader.Item) (id uint32, ok bool) {
	url := maphash.String(h.seed, item.Public().URL)
	id, ok = h.occupant(item.Index)
	if ok = ok && h.at(id).url == url && h.at(id).taken == 0; !ok {
		id, ok = h.best(url, item.Index)
	}
	if ok {
		h.at(id).taken = uint32(item.Index) + 1
	}
	return id, ok
}

// best returns the best record of a URL for an index.
func (h *history) best(url uint64, index int) (id uint32, ok bool) {
	for slot := h.first(url); h.slots[slot] != 0; slot = h.next(slot) {
		candidate := h.slots[slot] - 1
		r := h.at(candidate)
		if r.url == url && r.taken == 0 && r.status != saysNothing && (!ok || r.better(h.at(id), index)) {
			id, ok = candidate, true
		}
	}
	return id, ok
}

// better reports whether an item of an index has rather r than other.
func (r *record) better(other *record, index int) bool {
	if r.status != other.status {
		return r.status < other.status
	}
	if int(r.index) == index || int(other.index) == index {
		return int(r.index) == index
	}
	return r.index < other.index
}

// earlier returns a record as other packages see it.
func (h *history) earlier(id uint32) downloader.Earlier {
	r := h.at(id)
	e := downloader.Earlier{ID: int(id), Index: int(r.index)}
	if r.status == saysOK {
		e.Status, e.File, e.Bytes, e.SHA256, e.Named = downloader.StatusOK, h.file(id), r.bytes, r.sum, r.named
		return e
	}
	e.Status, e.Class = downloader.StatusFailed, h.classes[r.class]
	e.HTTPStatus = int(binary.LittleEndian.Uint16(r.sum[:]))
	e.Since = time.Unix(0, int64(binary.LittleEndian.Uint64(r.sum[8:])))
	e.Asked = time.Unix(0, r.bytes)
	return e
}

// find returns the record of a URL that has a number.
func (h *history) find(url uint64, number uint32) (uint32, bool) {
	id, ok := h.inPlace(int(number))
	if ok && h.at(id).url == url && h.at(id).number == number {
		return id, true
	}
	if !ok && !h.moved {
		return 0, false
	}
	for slot := h.first(url); h.slots[slot] != 0; slot = h.next(slot) {
		id := h.slots[slot] - 1
		if r := h.at(id); r.url == url && r.number == number {
			return id, true
		}
	}
	return 0, false
}

// newNumber returns the number of a new record of an item's URL: the item's index,
// or one that no index can be if another record has that.
func (h *history) newNumber(item downloader.Item) uint32 {
	number := uint32(item.Index)
	if h.count == 0 {
		return number
	}
	url := maphash.String(h.seed, item.Public().URL)
	if _, taken := h.find(url, number); !taken {
		return number
	}
	for number |= 1 << 31; ; number++ {
		if _, taken := h.find(url, number); !taken {
			id := h.add(url) // so that no other item gets the number
			h.at(id).number, h.at(id).taken, h.moved = number, uint32(item.Index)+1, true
			return number
		}
	}
}

// first returns where the records of a URL begin in the hash table, which it brings
// up to date. URLs with the same hash count as one: in a list of 10^8 there are two
// such once in 3,000 lists.
func (h *history) first(url uint64) int {
	if h.count+h.count/4 >= len(h.slots) {
		size := 1024
		for size <= h.count+h.count/2 {
			size *= 2
		}
		h.slots, h.indexed = make([]uint32, size), 0
	}
	for ; h.indexed < h.count; h.indexed++ {
		slot := int(h.at(uint32(h.indexed)).url & uint64(len(h.slots)-1))
		for h.slots[slot] != 0 {
			slot = h.next(slot)
		}
		h.slots[slot] = uint32(h.indexed) + 1
	}
	return int(url & uint64(len(h.slots)-1))
}

// next returns the slot of the hash table after another.
func (h *history) next(slot int) int { return (slot + 1) & (len(h.slots) - 1) }

// add makes a new record of a URL.
func (h *history) add(url uint64) uint32 {
	id := uint32(h.count)
	if int(id)/blockSize == len(h.blocks) {
		h.blocks = append(h.blocks, new([blockSize]record))
	}
	h.count++
	h.at(id).url = url
	return id
}

// position returns where value stands in all, to which it is added if need be.
// There are a dozen extensions and some thirty classes; what is beyond 255 of them
// is not grab's, and counts as the last.
func position[T ~string](all *[]T, value []byte) uint8 {
	i := slices.IndexFunc(*all, func(known T) bool { return string(known) == string(value) })
	if i < 0 && len(*all) < 255 {
		*all = append(*all, T(value))
	}
	if i < 0 {
		i = len(*all) - 1
	}
	return uint8(i)
}
