package imagefile

import (
	"bytes"
	"encoding/binary"
)

// Markers: ITU-T T.81, table B.1. Each follows a byte 0xff.
const (
	jpegTEM  = 0x01
	jpegSOF0 = 0xc0 // to SOF15, but for the next three
	jpegDHT  = 0xc4
	jpegJPG  = 0xc8
	jpegDAC  = 0xcc
	jpegRST0 = 0xd0
	jpegRST7 = 0xd7
	jpegSOI  = 0xd8
	jpegEOI  = 0xd9
	jpegSOS  = 0xda
	jpegDNL  = 0xdc
)

// jpegFrame is how far a walk through a JPEG came.
type jpegFrame struct {
	width, height int
	framed        bool  // a frame header was seen
	scans         int   // scan headers seen
	marker        byte  // the last one
	next          int64 // the offset behind its segment
}

// checkJPEG walks the segments and skips the entropy-coded data, to the end
// marker: ITU-T T.81, annex B.
func checkJPEG(w *window) (Info, error) {
	j, err := jpegHeader(w)
	for err == nil && j.marker != jpegEOI {
		err = j.segment(w)
	}
	info := Info{Width: j.width, Height: j.height}
	switch {
	case err != nil:
		return info, err
	case j.scans == 0:
		return info, w.corrupt("no scan before the end marker at byte %d", j.next-2)
	case j.height == 0: // DNL would have told
		return info, w.corrupt("a picture without a height")
	}
	info.TrailingBytes = w.size - j.next
	return info, nil
}

// jpegHeader walks as far as the first scan, behind the frame header however
// long the metadata is.
func jpegHeader(w *window) (jpegFrame, error) {
	var j jpegFrame
	soi, err := w.at(0, 2)
	if err != nil {
		return j, err
	}
	if soi[0] != 0xff || soi[1] != jpegSOI {
		return j, w.corrupt("no start marker")
	}
	j.next = 2
	for err == nil && j.marker != jpegEOI && j.scans == 0 {
		err = j.segment(w)
	}
	return j, err
}

// segment takes the next marker and its segment.
func (j *jpegFrame) segment(w *window) error {
	offset, err := j.find(w)
	if err != nil || j.marker == jpegEOI || j.marker == jpegTEM {
		return err
	}
	if j.marker == jpegSOI || j.marker < jpegSOF0 {
		return w.corrupt("the marker %#x at byte %d cannot be there", j.marker, offset)
	}
	b, err := w.at(j.next, 2)
	if err != nil {
		return err
	}
	length := int(binary.BigEndian.Uint16(b))
	if length < 2 {
		return w.corrupt("a segment of %d bytes at byte %d", length, offset)
	}
	if j.next+int64(length) > w.size {
		return w.truncated()
	}
	switch {
	case j.marker == jpegSOS:
		err = j.scan(w, length)
	case j.marker == jpegDNL:
		err = j.lines(w, length)
	case j.marker <= 0xcf && j.marker != jpegDHT && j.marker != jpegJPG && j.marker != jpegDAC:
		err = j.frame(w, length)
	}
	j.next += int64(length)
	return err
}

// frame takes a frame header: B.2.2. The first one counts.
func (j *jpegFrame) frame(w *window, length int) error {
	b, err := w.at(j.next, min(length, 8))
	if err != nil {
		return err
	}
	if len(b) < 8 || b[7] == 0 || length != 8+3*int(b[7]) {
		return w.corrupt("a frame header of %d bytes at byte %d", length, j.next)
	}
	if j.framed {
		return nil
	}
	j.framed = true
	j.width, j.height = int(binary.BigEndian.Uint16(b[5:])), int(binary.BigEndian.Uint16(b[3:]))
	if j.width == 0 {
		return w.corrupt("a picture without a width")
	}
	return nil
}

// scan takes a scan header: B.2.3.
func (j *jpegFrame) scan(w *window, length int) error {
	b, err := w.at(j.next, min(length, 3))
	if err != nil {
		return err
	}
	if len(b) < 3 || b[2] < 1 || b[2] > 4 || length != 6+2*int(b[2]) {
		return w.corrupt("a scan header of %d bytes at byte %d", length, j.next)
	}
	if !j.framed {
		return w.corrupt("a scan before the frame header at byte %d", j.next)
	}
	j.scans++
	return nil
}

// lines takes the height from behind the first scan, if the frame header left it
// open: B.2.5.
func (j *jpegFrame) lines(w *window, length int) error {
	b, err := w.at(j.next, min(length, 4))
	if err != nil {
		return err
	}
	if length != 4 {
		return w.corrupt("a line number segment of %d bytes at byte %d", length, j.next)
	}
	if j.height == 0 {
		j.height = int(binary.BigEndian.Uint16(b[2:]))
	}
	return nil
}

// find finds the next marker, and returns its offset. It skips
// entropy-coded data, where 0xff is followed by a zero or is a restart marker,
// and, as decoders do, whatever else is not a marker.
func (j *jpegFrame) find(w *window) (int64, error) {
	for {
		data, err := w.from(j.next, 2)
		if err != nil {
			return 0, err
		}
		i := 0
		for i < len(data)-1 {
			n := bytes.IndexByte(data[i:len(data)-1], 0xff)
			if n < 0 {
				i = len(data) - 1
				break
			}
			i += n
			switch marker := data[i+1]; {
			case marker == 0xff: // a fill byte: B.1.1.2
				i++
			case marker == 0 || marker >= jpegRST0 && marker <= jpegRST7:
				i += 2
			default:
				offset := j.next + int64(i)
				j.marker, j.next = marker, offset+2
				return offset, nil
			}
		}
		j.next += int64(i)
	}
}
