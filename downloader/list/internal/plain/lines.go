package plain

import (
	"bufio"
	"bytes"
	"errors"
)

// FirstLine returns the first line, or its beginning, without reading it.
func FirstLine(in *bufio.Reader) []byte {
	for n := 1; ; {
		have, err := in.Peek(n)
		if end := bytes.IndexByte(have, '\n'); end >= 0 {
			return have[:end]
		}
		if err != nil {
			return have
		}
		n = max(n+1, in.Buffered())
	}
}

// SkipMark passes over a byte order mark.
func SkipMark(in *bufio.Reader) (int, error) {
	mark := []byte("\xef\xbb\xbf")
	for n := range mark {
		if have, _ := in.Peek(n + 1); !bytes.Equal(have, mark[:n+1]) {
			return 0, nil
		}
	}
	return in.Discard(len(mark))
}

// ReadLine reads a line. Of one that is longer than most bytes, it returns nothing.
func ReadLine(in *bufio.Reader, most int) (text []byte, long bool, err error) {
	text, err = in.ReadSlice('\n')
	if !errors.Is(err, bufio.ErrBufferFull) {
		return text, false, err
	}
	text = bytes.Clone(text)
	for errors.Is(err, bufio.ErrBufferFull) {
		var more []byte
		if more, err = in.ReadSlice('\n'); long || len(text)+len(more) > most {
			text, long = nil, true
		} else {
			text = append(text, more...)
		}
	}
	return text, long, err
}
