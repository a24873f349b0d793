package imagefile

import (
	"bytes"
	"encoding/binary"
	"slices"
)

// The second byte of each marker, after 0xff: ITU-T T.81, table B.1.
const (
	jpegTEM  = 0x01
	jpegSOF0 = 0xc0 // SOF0 to SOF15 are 0xc0 to 0xcf without the next three
	jpegSOF2 = 0xc2
	jpegDHT  = 0xc4
	jpegJPG  = 0xc8
	jpegDAC  = 0xcc
	jpegRST0 = 0xd0
	jpegRST7 = 0xd7
	jpegSOI  = 0xd8
	jpegEOI  = 0xd9
	jpegSOS  = 0xda
	jpegDQT  = 0xdb
	jpegDNL  = 0xdc
	jpegDRI  = 0xdd
)

// jpegWalk is the state of a walk through a JPEG.
type jpegWalk struct {
	width, height int
	framed        bool   // a frame header was read
	progressive   bool   // by the frame header
	subsampled    [4]int // components with several blocks in each unit, if there are others; -1: none
	restarts      bool   // there are restart markers
	splitRestarts bool   // also in a scan of one subsampled component
	scans         int    // number of scan headers read
	marker        byte   // the last one found
	next          int64  // the offset after its segment
}

// checkJPEG walks the segments to the end marker, and skips the entropy-coded data:
// ITU-T T.81, annex B.
func checkJPEG(w *window) (Info, error) {
	j, err := walkJPEG(w)
	info := Info{Width: j.width, Height: j.height}
	switch {
	case err != nil:
		return info, err
	case j.scans == 0:
		return info, w.corrupt("no scan before the end marker at byte %d", j.next-2)
	case j.height == 0: // neither the frame header nor DNL has it
		return info, w.corrupt("the image has no height")
	}
	info.TrailingBytes = w.size - j.next
	return info, nil
}

// walkJPEG walks to the end marker.
func walkJPEG(w *window) (jpegWalk, error) {
	j, err := jpegHeader(w)
	for err == nil && j.marker != jpegEOI {
		err = j.segment(w)
	}
	return j, err
}

// jpegHeader walks to the first scan. The frame header comes before it, but after
// metadata of any length.
func jpegHeader(w *window) (jpegWalk, error) {
	var j jpegWalk
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

// segment reads the next marker and its segment.
func (j *jpegWalk) segment(w *window) error {
	offset, err := j.findMarker(w)
	if err != nil || j.marker == jpegEOI || j.marker == jpegTEM {
		return err
	}
	if j.marker == jpegSOI || j.marker < jpegSOF0 {
		return w.corrupt("unexpected marker %#x at byte %d", j.marker, offset)
	}
	b, err := w.at(j.next, 2)
	if err != nil {
		return err
	}
	length := int(binary.BigEndian.Uint16(b))
	if length < 2 && !j.needed() {
		length = 2 // decoders skip the segment as if it were empty
	}
	if length < 2 {
		return w.corrupt("the segment at byte %d has the invalid length %d", offset, length)
	}
	if j.next+int64(length) > w.size {
		return w.truncated()
	}
	switch {
	case j.marker == jpegSOS:
		err = j.scan(w, length)
	case j.marker == jpegDNL && j.scans > 0: // decoders skip it before the first scan
		err = j.lines(w, length)
	case isJPEGFrame(j.marker):
		err = j.frame(w, length)
	case j.marker == jpegDRI:
		err = j.restart(w, length)
	}
	j.next += int64(length)
	return err
}

// needed reports whether the pixels depend on the segment of the last marker.
func (j *jpegWalk) needed() bool {
	switch j.marker {
	case jpegDHT, jpegDAC, jpegSOS, jpegDQT, jpegDRI:
		return true
	}
	return isJPEGFrame(j.marker)
}

// isJPEGFrame reports whether a marker begins a frame header: SOF0 to SOF15.
func isJPEGFrame(marker byte) bool {
	return marker >= jpegSOF0 && marker <= 0xcf &&
		marker != jpegDHT && marker != jpegJPG && marker != jpegDAC
}

// frame reads a frame header: B.2.2. Only the first one counts.
func (j *jpegWalk) frame(w *window, length int) error {
	b, err := w.at(j.next, min(length, 8))
	if err != nil {
		return err
	}
	if len(b) < 8 || b[7] == 0 || length != 8+3*int(b[7]) {
		return w.corrupt("the frame header at byte %d has the invalid length %d", j.next, length)
	}
	if j.framed {
		return nil
	}
	j.framed = true
	j.width = int(binary.BigEndian.Uint16(b[5:]))
	j.height = int(binary.BigEndian.Uint16(b[3:]))
	if j.width == 0 {
		return w.corrupt("the image has no width")
	}
	j.progressive = j.marker == jpegSOF2
	return j.components(w, int(b[7]))
}

// components notes which of the frame's n components are subsampled.
func (j *jpegWalk) components(w *window, n int) error {
	b, err := w.at(j.next, 8+3*n)
	j.subsampled = [4]int{-1, -1, -1, -1}
	if err != nil || n == 1 || n > 4 {
		return err
	}
	for ; n > 0; n-- {
		if id, factors := b[5+3*n], b[6+3*n]; factors != 0x11 {
			j.subsampled[n-1] = int(id)
		}
	}
	return nil
}

// scan reads a scan header: B.2.3.
func (j *jpegWalk) scan(w *window, length int) error {
	b, err := w.at(j.next, min(length, 4))
	if err != nil {
		return err
	}
	if len(b) < 4 || b[2] < 1 || b[2] > 4 || length != 6+2*int(b[2]) {
		return w.corrupt("the scan header at byte %d has the invalid length %d", j.next, length)
	}
	if !j.framed {
		return w.corrupt("a scan at byte %d, before the frame header", j.next)
	}
	j.scans++
	if j.restarts && b[2] == 1 && slices.Contains(j.subsampled[:], int(b[3])) {
		j.splitRestarts = true
	}
	return nil
}

// restart reads the restart interval: B.2.4.4.
func (j *jpegWalk) restart(w *window, length int) error {
	b, err := w.at(j.next, min(length, 4))
	if err != nil {
		return err
	}
	if length != 4 {
		return w.corrupt("the DRI segment at byte %d has the invalid length %d", j.next, length)
	}
	j.restarts = b[2]|b[3] != 0
	return nil
}

// lines reads the height from a DNL segment after the first scan, for a frame
// header without a height: B.2.5.
func (j *jpegWalk) lines(w *window, length int) error {
	b, err := w.at(j.next, min(length, 4))
	if err != nil {
		return err
	}
	if length != 4 {
		return w.corrupt("the DNL segment at byte %d has the invalid length %d", j.next, length)
	}
	if j.height == 0 {
		j.height = int(binary.BigEndian.Uint16(b[2:]))
	}
	return nil
}

// findMarker finds the next marker and returns its offset. It skips entropy-coded
// data, in which 0xff is followed by 0 or begins a restart marker. Like decoders, it
// also skips any other bytes that are not a marker.
func (j *jpegWalk) findMarker(w *window) (int64, error) {
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
