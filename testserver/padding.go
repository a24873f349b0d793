package testserver

// fillerBlock is the size of the blocks that padding is made of, in bytes. It
// is as much as a JPEG comment can hold, rounded down.
const fillerBlock = 64 << 10

// padding makes images larger without making them different. Every padded
// image shares its blocks, so that a gigabyte of padding costs no memory.
type padding struct {
	blocks [formats][]byte
}

func newPadding() padding {
	var p padding
	for f := range formats {
		p.blocks[f] = f.filler(fillerBlock)
	}
	return p
}

// appendTo appends parts of n bytes together, n being at least f.minFiller.
func (p padding) appendTo(parts [][]byte, f format, n int64) [][]byte {
	for n > fillerBlock {
		if left := n - fillerBlock; left < f.minFiller() {
			// Too little would be left for a block of its own.
			parts = append(parts, f.filler(fillerBlock-f.minFiller()))
			n -= fillerBlock - f.minFiller()
			continue
		}
		parts = append(parts, p.blocks[f])
		n -= fillerBlock
	}
	if f == formatJPEG {
		// What follows the length is the same for every size, so lists of
		// large images need no memory of their own either.
		return append(parts, jpegHeader(int(n)), p.blocks[f][jpegHeaderSize:n])
	}
	return append(parts, f.filler(n))
}
