package testserver

import (
	"encoding/binary"
	"io"
)

// Frames of HTTP/2 (RFC 9113 section 6).
const (
	frameData         = 0x0
	frameHeaders      = 0x1
	frameReset        = 0x3
	frameSettings     = 0x4
	framePushPromise  = 0x5
	framePing         = 0x6
	frameGoaway       = 0x7
	frameContinuation = 0x9

	flagEndStream  = 0x1
	flagAck        = 0x1
	flagEndHeaders = 0x4

	settingTableSize    = 0x1
	settingStreams      = 0x3
	settingWindow       = 0x4
	settingMaxFrameSize = 0x5

	codeInternal  = 0x2
	codeRefused   = 0x7
	codeCancel    = 0x8
	codeHTTP1Only = 0xd

	frameHeader = 9
	preface     = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
)

// frame is a frame of HTTP/2.
type frame struct {
	kind    byte
	flags   byte
	stream  uint32
	payload []byte
}

func readFrame(r io.Reader) (frame, error) {
	var head [frameHeader]byte
	if _, err := io.ReadFull(r, head[:]); err != nil {
		return frame{}, err
	}
	size := int(head[0])<<16 | int(head[1])<<8 | int(head[2])
	f := frame{kind: head[3], flags: head[4], stream: binary.BigEndian.Uint32(head[5:]) &^ (1 << 31), payload: make([]byte, size)}
	_, err := io.ReadFull(r, f.payload)
	return f, err
}

// appendTo appends the frame as it is on the wire.
func (f frame) appendTo(b []byte) []byte {
	n := len(f.payload)
	b = append(b, byte(n>>16), byte(n>>8), byte(n), f.kind, f.flags)
	b = binary.BigEndian.AppendUint32(b, f.stream)
	return append(b, f.payload...)
}

// endsStream reports whether the frame is the last one of its stream.
func (f frame) endsStream() bool {
	return (f.kind == frameData || f.kind == frameHeaders) && f.flags&flagEndStream != 0
}

// endsHeaders reports whether the frame is the last one of a header.
func (f frame) endsHeaders() bool {
	return (f.kind == frameHeaders || f.kind == frameContinuation) && f.flags&flagEndHeaders != 0
}

// isSettings reports whether the frame has settings, and is not an answer.
func (f frame) isSettings() bool {
	return f.kind == frameSettings && f.flags&flagAck == 0
}

// set adds a setting to a frame of them. The last one of a kind holds.
func (f frame) set(id uint16, value uint32) frame {
	p := append([]byte{}, f.payload...)
	p = binary.BigEndian.AppendUint16(p, id)
	f.payload = binary.BigEndian.AppendUint32(p, value)
	return f
}

func resetFrame(stream, code uint32) frame {
	return frame{kind: frameReset, stream: stream, payload: binary.BigEndian.AppendUint32(nil, code)}
}

// goawayFrame has no error code.
func goawayFrame(last uint32) frame {
	return frame{kind: frameGoaway, payload: append(binary.BigEndian.AppendUint32(nil, last), 0, 0, 0, 0)}
}

// literal is a header field in HPACK's form that neither compresses nor
// changes a table (RFC 7541 section 6.2.2). Both texts are under 127 bytes.
func literal(name, value string) []byte {
	b := append([]byte{0, byte(len(name))}, name...)
	return append(append(b, byte(len(value))), value...)
}

// status200 is ":status: 200" in HPACK, by its place in the static table.
const status200 = "\x88"
