package manifest

import (
	"encoding/binary"
	"encoding/hex"
)

// sums say where the record is of a file with some bytes, by the start of their SHA-256. In
// memory are about 30 bytes a file: the names of this run's files are in their lines.
type sums map[uint64]int64 // the offset of a line of this run, or else -1-id

func sumsOf(h *history) sums {
	s := make(sums, h.live)
	for id := range uint32(h.count) {
		if r := h.at(id); r.status == saysOK {
			s[sumStart(r.sum)] = -1 - int64(id)
		}
	}
	return s
}

func sumStart(sum [32]byte) uint64 { return binary.BigEndian.Uint64(sum[:]) }

// note takes down at which offset the line is of a file with a SHA-256 in hexadecimal.
func (s sums) note(text string, offset int64) {
	if sum, ok := parseSum(text); ok {
		s[sumStart(sum)] = offset
	}
}

func parseSum(text string) (sum [32]byte, ok bool) {
	bytes, err := hex.DecodeString(text)
	if err != nil || len(bytes) != len(sum) {
		return sum, false
	}
	return [32]byte(bytes), true
}
