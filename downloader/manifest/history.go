package manifest

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"hash/maphash"
	"io"
	"slices"
	"time"

	"grab/downloader"
	"grab/downloader/manifest/internal/sparse"
	"grab/downloader/sink"
)

// Limits of what is kept and read.
const (
	readBuffer   = 1 << 20 // bytes; a longer line is damaged
	shownDamages = 10
)

// history is what the lines of a manifest say, a record for each URL. A URL that
// stands in a list twice has two records, told apart by their numbers. It takes
// about 80 bytes a record, and 10 more once a list has been reordered. A file that was
// named by a template takes about 150 more.
type history struct {
	store
	lookup lookup
	seed   maphash.Seed
	live   int // of the records, the ones that still hold

	places  sparse.Array       // id+1 of the record that has an index's place
	names   fileNames          // of the files that no place gives its name
	moved   bool               // some record is not in the place of its number
	exts    []string           // record.ext is a position in these
	classes []downloader.Class // record.class is a position in these

	lines   int   // in all, damaged ones included
	end     int64 // of the last whole line
	damaged []int // numbers of damaged lines, the first few
	damage  int   // how many there are
}

// About how long a line is, and what is kept of it, in bytes.
const (
	lineSize = 500
	keptSize = 85
)

// read takes in a manifest from its start. What follows the last newline is no line.
func (h *history) read(r io.Reader) error {
	*h = history{seed: maphash.MakeSeed()}
	h.names = newFileNames(h.seed)
	h.lookup.store = &h.store
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
	ext := uint8(0)
	if err == nil && e.status == downloader.StatusOK {
		ext, err = h.extension(&e)
	}
	if other, ok := errors.AsType[*VersionError](err); ok {
		return other
	}
	if err != nil {
		if h.damage++; len(h.damaged) < shownDamages {
			h.damaged = append(h.damaged, h.lines)
		}
		return nil
	}
	h.keep(&e, ext, h.end)
	return nil
}

// extension returns the position of an image's extension in exts, or named if its file
// does not have the name of its place. A file that grab does not name so is not grab's,
// whatever the line says.
func (h *history) extension(e *entry) (uint8, error) {
	ext, ok := sink.Ext(e.index, e.file)
	if !ok {
		if !sink.IsGiven(string(e.file)) {
			return 0, errDamaged
		}
		return named, nil
	}
	at := slices.IndexFunc(h.exts, func(known string) bool { return known == string(ext) })
	if at < 0 {
		if !sink.IsExt(string(ext)) {
			return 0, errDamaged
		}
		at, h.exts = len(h.exts), append(h.exts, string(ext))
	}
	return uint8(at), nil
}

// keep makes a line the record of its URL and number.
func (h *history) keep(e *entry, ext uint8, offset int64) {
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
		h.occupy(id, ext, e.file)
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
	if h.places.Get(int(r.index)) == 0 && r.number == r.index {
		h.places.Set(int(r.index), id+1)
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
func (h *history) occupy(id uint32, ext uint8, file []byte) {
	r := h.at(id)
	r.ext = ext
	if ext == named {
		h.moved = true
		if former, ok := h.holder(string(file)); ok && former != id {
			h.vacate(former)
		}
		h.names.set(id, string(file))
		return
	}
	if former := h.places.Get(int(r.index)); former != 0 && former != id+1 {
		h.moved = true
		if old := h.at(former - 1); old.status == saysOK && old.ext == r.ext {
			old.status = saysNothing
			h.live--
		}
	}
	if h.names.any() {
		if former, ok := h.holder(h.file(id)); ok && former != id && h.at(former).named() {
			h.vacate(former)
		}
	}
	h.places.Set(int(r.index), id+1)
	h.moved = h.moved || r.number != r.index
}

// vacate takes its file and its place from a record that a new line supersedes.
func (h *history) vacate(id uint32) {
	r := h.at(id)
	if r.named() {
		h.names.drop(id)
	} else if h.places.Get(int(r.index)) == id+1 {
		h.places.Set(int(r.index), 0)
	}
	if r.status != saysNothing {
		h.live--
		r.status = saysNothing
	}
}

// move gives a record another file name, and another index if it is to be renumbered.
func (h *history) move(id uint32, index int, renumbered bool, file string) error {
	r := h.at(id)
	if !renumbered {
		index = int(r.index)
	}
	ext, err := h.extension(&entry{index: index, file: []byte(file)})
	if err != nil {
		return err
	}
	h.vacate(id)
	r.status, r.index = saysOK, uint32(index)
	h.occupy(id, ext, []byte(file))
	h.live++
	return nil
}

// file returns the name of a record's file, or "" if it has none.
func (h *history) file(id uint32) string {
	r := h.at(id)
	switch {
	case r.status != saysOK:
		return ""
	case r.named():
		return h.names.of[id]
	}
	return sink.Name(int(r.index), h.exts[r.ext])
}

// occupant returns the record whose file has the name of an index.
func (h *history) occupant(index int) (id uint32, ok bool) {
	if id, ok = h.inPlace(index); ok && h.at(id).status == saysOK {
		return id, true
	}
	if !h.names.any() {
		return 0, false
	}
	return h.owner(sink.Name(index, ""))
}

// inPlace returns the record that has a place.
func (h *history) inPlace(index int) (id uint32, ok bool) {
	place := h.places.Get(index)
	return place - 1, place != 0
}

// owns reports whether a record has the file of that name.
func (h *history) owns(index int, ext string) bool {
	id, ok := h.inPlace(index)
	if ok && h.at(id).status == saysOK && h.exts[h.at(id).ext] == ext {
		return true
	}
	return h.names.any() && h.ownsName(sink.Name(index, ext))
}

// owner returns the record whose file has a stem, whatever its extension and its case.
func (h *history) owner(stem string) (id uint32, ok bool) {
	if id, ok = h.names.owner(stem); ok {
		return id, true
	}
	index, ok := sink.ParseStem(stem)
	if !ok {
		return 0, false
	}
	id, ok = h.inPlace(index)
	return id, ok && h.at(id).status == saysOK && !h.at(id).named()
}

// holder returns the record whose file has a name, whatever its case.
func (h *history) holder(file string) (id uint32, ok bool) {
	id, ok = h.owner(sink.Stem(file))
	return id, ok && sink.Fold(h.file(id)) == sink.Fold(file)
}

// ownsName reports whether a record has the file of that very name.
func (h *history) ownsName(file string) bool {
	id, ok := h.owner(sink.Stem(file))
	return ok && h.file(id) == file
}

// claim returns the best record of an item's URL that no other item has: a finished
// one whose file has the item's name, or else its place, then finished ones in the order
// of their places, so that no image is asked for that is there; then failed ones likewise.
func (h *history) claim(item downloader.Item) (id uint32, ok bool) {
	url := maphash.String(h.seed, item.Public().URL)
	if item.Name == "" {
		id, ok = h.occupant(item.Index)
	} else {
		id, ok = h.owner(item.Name)
	}
	if ok = ok && h.at(id).url == url && h.at(id).taken == 0; !ok {
		id, ok = h.lookup.best(url, item.Index, func(id uint32) bool { return h.hasName(id, item.Name) })
	}
	if ok {
		h.at(id).taken = uint32(item.Index) + 1
	}
	return id, ok
}

// hasName reports whether a record's file has a name with a pattern.
func (h *history) hasName(id uint32, pattern string) bool {
	if pattern == "" {
		return false
	}
	file := h.file(id)
	return file != "" && sink.Refill(pattern, file, hex.EncodeToString(h.at(id).sum[:]), time.Time{}) == file
}

// earlier returns a record as other packages see it.
func (h *history) earlier(id uint32) downloader.Earlier {
	r := h.at(id)
	e := downloader.Earlier{ID: int(id), Index: int(r.index)}
	if r.status == saysOK {
		e.Status, e.File, e.Bytes, e.SHA256, e.Named = downloader.StatusOK, h.file(id), r.bytes, r.sum, r.named()
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
	return h.lookup.find(url, number)
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

// position returns where value stands in all, to which it is added if need be.
// There are some thirty classes; what is beyond 255 of them is not grab's, and counts
// as the last.
func position(all *[]downloader.Class, value []byte) uint8 {
	i := slices.IndexFunc(*all, func(known downloader.Class) bool { return string(known) == string(value) })
	if i < 0 && len(*all) < 255 {
		*all = append(*all, downloader.Class(value))
	}
	if i < 0 {
		i = len(*all) - 1
	}
	return uint8(i)
}
