package imagefile

// fourCC is the four-character code that names a PNG or RIFF chunk, or a box.
type fourCC [4]byte

func (c fourCC) is(name string) bool { return string(c[:]) == name }

// printable reports whether every byte is a visible ASCII character or a space.
func (c fourCC) printable() bool {
	for _, b := range c {
		if b < ' ' || b > '~' {
			return false
		}
	}
	return true
}

// String returns the code for an error message, with "?" for each byte that is not
// printable.
func (c fourCC) String() string {
	for i, b := range c {
		if b < ' ' || b > '~' {
			c[i] = '?'
		}
	}
	return string(c[:])
}
