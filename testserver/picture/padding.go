package picture

// fillerBlock is the size of the blocks that padding is made of, in bytes: about
// as much as a JPEG comment can hold.
const fillerBlock = 64 << 10

// padding makes files larger without changing how they look. All padded files
// share its blocks, so a gigabyte of padding costs no memory.
type padding struct {
	blocks [Formats][]byte
}

func newPadding() padding {
	var p padding
	for f := range Formats {
		p.blocks[f] = f.filler(fillerBlock)
	}
	return p
}

// appendTo appends parts of n bytes in all. n is at least f.minFiller().
func (p padding) appendTo(parts [][]byte, f Format, n int64) [][]byte {
	for n > fillerBlock {
		if left := n - fillerBlock; left < f.minFiller() {
			// The rest would be too small for a filler of its own.
			parts = append(parts, f.filler(fillerBlock-f.minFiller()))
			n -= fillerBlock - f.minFiller()
			continue
		}
		parts = append(parts, p.blocks[f])
		n -= fillerBlock
	}
	if f == JPEG {
		// The bytes after the length are the same for every size, so even
		// the last part can share its memory.
		return append(parts, jpegHeader(int(n)), p.blocks[f][jpegHeaderSize:n])
	}
	return append(parts, f.filler(n))
}
