package manifest

import (
	"bufio"
	"bytes"
	"errors"
	"hash/maphash"
	"io"
	"os"
	"path/filepath"
	"slices"

	"grab/downloader"
	"grab/downloader/sink"
)

// Limits of what is kept and read.
const (
	readBuffer   = 1 << 20 // bytes; a longer line is damaged
	blockSize    = 1024    // indices that are kept together
	shownDamages = 10
)

// history is what the lines of a manifest say of each index, in about 60 bytes.
type history struct {
	seed    maphash.Seed
	blocks  map[int]*[blockSize]memory // by index / blockSize
	exts    []string                   // memory.ext and memory.class are places in these
	classes []downloader.Class
	end     int64 // of the last whole line
	damaged []int // numbers of damaged lines, the first few
	damage  int   // how many there are
}

// memory is what is kept of an index.
type memory struct {
	url    uint64 // hash
	bytes  int64
	sum    [32]byte
	status uint8 // 0: nothing is known
	ext    uint8
	class  uint8
}

const (
	knownOK     = 1
	knownFailed = 2
)

// About how long a line is, and what is kept of it, in bytes.
const (
	lineSize = 300
	keptSize = 60
)

// Memory returns about how much [Open] will keep of a directory's manifest, in bytes.
func Memory(dir string) int64 {
	info, err := os.Stat(filepath.Join(dir, Name))
	if err != nil {
		return 0
	}
	return info.Size() / lineSize * keptSize
}

// read takes in a manifest from its start. What follows the last newline is no
// line.
func (h *history) read(r io.Reader) error {
	h.seed, h.blocks = maphash.MakeSeed(), map[int]*[blockSize]memory{}
	lines := bufio.NewReaderSize(r, readBuffer)
	for number := 1; ; number++ {
		line, err := lines.ReadSlice('\n')
		length := int64(len(line))
		for errors.Is(err, bufio.ErrBufferFull) {
			line = nil // too long to be a line of ours
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
		h.end += length
		e, err := parseLine(bytes.TrimSuffix(line, []byte("\n")))
		if foreign, ok := errors.AsType[*VersionError](err); ok {
			return foreign
		}
		if err != nil {
			if h.damage++; len(h.damaged) < shownDamages {
				h.damaged = append(h.damaged, number)
			}
			continue
		}
		h.keep(&e)
	}
}

func (h *history) keep(e *entry) {
	m := memory{url: maphash.Bytes(h.seed, e.url), bytes: e.bytes, sum: e.sum, class: place(&h.classes, e.class)}
	switch e.status {
	case downloader.StatusOK:
		if ext, ok := sink.Ext(e.index, e.file); ok {
			m.status, m.ext = knownOK, place(&h.exts, ext)
		}
	case downloader.StatusFailed:
		m.status = knownFailed
	}
	block := h.blocks[e.index/blockSize]
	if block == nil {
		block = new([blockSize]memory)
		h.blocks[e.index/blockSize] = block
	}
	block[e.index%blockSize] = m
}

// place returns where value stands in all, which it is added to if need be.
// There are a dozen extensions and some thirty classes.
func place[T ~string](all *[]T, value []byte) uint8 {
	i := slices.IndexFunc(*all, func(known T) bool { return string(known) == string(value) })
	if i < 0 {
		i = len(*all)
		*all = append(*all, T(value))
	}
	return uint8(i)
}

func (h *history) recall(item downloader.Item) (downloader.Earlier, bool) {
	block := h.blocks[item.Index/blockSize]
	if block == nil || block[item.Index%blockSize].status == 0 {
		return downloader.Earlier{}, false
	}
	m := &block[item.Index%blockSize]
	rec := downloader.Earlier{
		SameURL: m.url == maphash.String(h.seed, item.Public().URL),
		Status:  downloader.StatusFailed, Class: h.classes[m.class], Bytes: m.bytes, SHA256: m.sum,
	}
	if m.status == knownOK {
		rec.Status, rec.File = downloader.StatusOK, sink.Name(item.Index, h.exts[m.ext])
	}
	return rec, true
}

// owns reports whether the history has a file of that name.
func (h *history) owns(name string) bool {
	index, ext, ok := sink.ParseName(name)
	return ok && h.holds(index, ext)
}

// holds reports whether the history has an index's file, with that extension.
func (h *history) holds(index int, ext string) bool {
	block := h.blocks[index/blockSize]
	if block == nil {
		return false
	}
	m := &block[index%blockSize]
	return m.status == knownOK && ext == h.exts[m.ext]
}
