package imagefile

// isPNM reports whether b begins like a Netpbm image: "P1" to "P6" and a width and a
// height, or "P7" and a line of a header. Two letters alone would fit many texts.
func isPNM(b []byte) bool {
	if len(b) < 3 || b[0] != 'P' || b[1] < '1' || b[1] > '7' {
		return false
	}
	if b[1] == '7' {
		for _, line := range []string{"WIDTH ", "HEIGHT ", "DEPTH ", "MAXVAL ", "TUPLTYPE ", "#"} {
			if hasAt(b, 3, line) {
				return b[2] == '\n'
			}
		}
		return false
	}
	rest, width := cutPNMNumber(b[2:])
	rest, height := cutPNMNumber(rest)
	return isPNMSpace(b[2]) && width && height && len(rest) > 0 && isPNMSpace(rest[0])
}

// cutPNMNumber returns what follows the next number in b, if there is one.
func cutPNMNumber(b []byte) (rest []byte, found bool) {
	for comment := false; len(b) > 0 && (comment || b[0] == '#' || isPNMSpace(b[0])); b = b[1:] {
		comment = b[0] == '#' || comment && b[0] != '\n'
	}
	for len(b) > 0 && b[0] >= '0' && b[0] <= '9' {
		b, found = b[1:], true
	}
	return b, found
}

// checkPNM checks that all samples of the first image are in the file: the Netpbm manual
// pages pbm, pgm, ppm and pam. Other images may follow it.
func checkPNM(w *window) (Info, error) {
	var info Info
	b, err := w.at(0, 3)
	if err != nil {
		return info, err
	}
	kind := b[1]
	if b[0] != 'P' || kind < '1' || kind > '7' || !isPNMSpace(b[2]) {
		return info, w.corrupt("no signature")
	}
	p := &pnmReader{window: w, next: 2}
	channels, largest := int64(1), int64(1)
	if kind == '7' {
		channels, largest = p.header(&info)
	} else {
		info.Width, info.Height = dimension(uint64(p.number())), dimension(uint64(p.number()))
		if kind == '3' || kind == '6' {
			channels = 3
		}
		if kind != '1' && kind != '4' {
			largest = p.number()
		}
		if kind >= '4' {
			p.space()
		}
	}
	if p.err != nil {
		return info, p.err
	}
	if info.pixels() == 0 || largest < 1 || largest > 1<<16-1 || channels < 1 || channels > 1<<16 {
		return info, w.corrupt("invalid header")
	}
	end, err := p.samples(kind, &info, channels, largest)
	if err == nil && end > w.size {
		err = w.truncated()
	}
	if err == nil {
		info.TrailingBytes = w.size - end
	}
	return info, err
}

// samples returns the offset after the samples.
func (p *pnmReader) samples(kind byte, info *Info, channels, largest int64) (int64, error) {
	size := int64(1) // of a sample, in bytes
	if largest > 255 {
		size = 2
	}
	if kind != '4' && info.pixels() > p.size/channels { // so that the products do not overflow
		return 0, p.truncated()
	}
	switch kind {
	case '1': // digits need no space between them
		for n := info.pixels(); n > 0 && p.err == nil; n-- {
			p.digit()
		}
		return p.next, p.err
	case '2', '3':
		for n := info.pixels() * channels; n > 0 && p.err == nil; n-- {
			p.number()
		}
		return p.next, p.err
	case '4': // eight pixels in a byte
		return p.next + (int64(info.Width)+7)/8*int64(info.Height), nil
	}
	return p.next + info.pixels()*channels*size, nil
}

// pnmReader reads the texts of a Netpbm image.
type pnmReader struct {
	*window
	next int64
	err  error // the first one
}

// byte returns the next byte without passing it.
func (p *pnmReader) byte() byte {
	if p.err != nil {
		return 0
	}
	b, err := p.at(p.next, 1)
	if err != nil {
		p.err = err
		return 0
	}
	return b[0]
}

// skip passes white space and comments, which go to the end of the line.
func (p *pnmReader) skip() {
	comment := false
	for p.err == nil {
		switch b := p.byte(); {
		case b == '\n':
			comment = false
		case b == '#':
			comment = true
		case !comment && !isPNMSpace(b):
			return
		}
		p.next++
	}
}

// number reads a number. After an error it returns 0.
func (p *pnmReader) number() int64 {
	p.skip()
	n, digits := int64(0), 0
	for p.err == nil {
		b := p.byte()
		if b < '0' || b > '9' {
			break
		}
		if n = n*10 + int64(b-'0'); n > 1<<31 {
			p.fail()
		}
		digits++
		if p.next++; p.next == p.size {
			break // the last number of a file
		}
	}
	if p.err == nil && digits == 0 {
		p.fail()
	}
	return n
}

// digit reads a sample of a plain bitmap.
func (p *pnmReader) digit() {
	p.skip()
	if b := p.byte(); p.err == nil && b != '0' && b != '1' {
		p.fail()
	}
	p.next++
}

// space passes the one byte between the header and the samples.
func (p *pnmReader) space() {
	if b := p.byte(); p.err == nil && !isPNMSpace(b) {
		p.fail()
	}
	p.next++
}

func (p *pnmReader) fail() {
	if p.err == nil {
		p.err = p.corrupt("no number at byte %d", p.next)
	}
}

// header reads the lines of a PAM's header.
func (p *pnmReader) header(info *Info) (channels, largest int64) {
	const longestKey = 8
	for {
		p.skip()
		var key []byte
		for b := p.byte(); p.err == nil && !isPNMSpace(b); b = p.byte() {
			if key = append(key, b); len(key) > longestKey {
				p.err = p.corrupt("no keyword at byte %d", p.next)
			}
			p.next++
		}
		switch string(key) {
		case "WIDTH":
			info.Width = dimension(uint64(p.number()))
		case "HEIGHT":
			info.Height = dimension(uint64(p.number()))
		case "DEPTH":
			channels = p.number()
		case "MAXVAL":
			largest = p.number()
		case "TUPLTYPE": // the rest of the line is a name
			for p.err == nil && p.byte() != '\n' {
				p.next++
			}
		case "ENDHDR":
			p.space()
			return channels, largest
		default:
			if p.err == nil {
				p.err = p.corrupt("no keyword at byte %d", p.next)
			}
		}
		if p.err != nil {
			return 0, 0
		}
	}
}

func isPNMSpace(b byte) bool { return b == ' ' || b >= '\t' && b <= '\r' }
