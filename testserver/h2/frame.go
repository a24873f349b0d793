// Package h2 reads, writes and relays frames of HTTP/2 (RFC 9113), for faults that
// net/http cannot be made to have.
package h2

import (
	"encoding/binary"
	"io"
)

// Kinds of frames (RFC 9113 section 6).
const (
	Data         = 0x0
	Headers      = 0x1
	Reset        = 0x3
	Settings     = 0x4
	PushPromise  = 0x5
	Ping         = 0x6
	GoAway       = 0x7
	Continuation = 0x9
)

// Flags of frames.
const (
	FlagEndStream  = 0x1
	FlagAck        = 0x1
	FlagEndHeaders = 0x4
)

// Settings of a connection (RFC 9113 section 6.5.2).
const (
	SettingTableSize    = 0x1
	SettingStreams      = 0x3
	SettingWindow       = 0x4
	SettingMaxFrameSize = 0x5
)

// Error codes (RFC 9113 section 7).
const (
	CodeInternal  = 0x2
	CodeRefused   = 0x7
	CodeCancel    = 0x8
	CodeHTTP1Only = 0xd
)

const (
	frameHeader = 9
	preface     = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
)

// Status200 is ":status: 200" in HPACK, as an index of the static table.
const Status200 = "\x88"

// Frame is a frame of HTTP/2.
type Frame struct {
	Kind    byte
	Flags   byte
	Stream  uint32
	Payload []byte
}

func readFrame(r io.Reader) (Frame, error) {
	var head [frameHeader]byte
	if _, err := io.ReadFull(r, head[:]); err != nil {
		return Frame{}, err
	}
	size := int(head[0])<<16 | int(head[1])<<8 | int(head[2])
	f := Frame{
		Kind:    head[3],
		Flags:   head[4],
		Stream:  binary.BigEndian.Uint32(head[5:]) &^ (1 << 31),
		Payload: make([]byte, size),
	}
	_, err := io.ReadFull(r, f.Payload)
	return f, err
}

// appendTo appends the frame as it is on the wire.
func (f Frame) appendTo(b []byte) []byte {
	n := len(f.Payload)
	b = append(b, byte(n>>16), byte(n>>8), byte(n), f.Kind, f.Flags)
	b = binary.BigEndian.AppendUint32(b, f.Stream)
	return append(b, f.Payload...)
}

// EndsStream reports whether the frame is the last one of its stream.
func (f Frame) EndsStream() bool {
	return (f.Kind == Data || f.Kind == Headers) && f.Flags&FlagEndStream != 0
}

// endsHeaders reports whether the frame is the last one of a header.
func (f Frame) endsHeaders() bool {
	return (f.Kind == Headers || f.Kind == Continuation) && f.Flags&FlagEndHeaders != 0
}

// IsSettings reports whether the frame holds settings, rather than acknowledging
// them.
func (f Frame) IsSettings() bool {
	return f.Kind == Settings && f.Flags&FlagAck == 0
}

// With adds a setting to a frame of settings. The last one of a kind counts.
func (f Frame) With(setting uint16, value uint32) Frame {
	p := append([]byte{}, f.Payload...)
	p = binary.BigEndian.AppendUint16(p, setting)
	f.Payload = binary.BigEndian.AppendUint32(p, value)
	return f
}

func resetFrame(stream, code uint32) Frame {
	return Frame{Kind: Reset, Stream: stream, Payload: binary.BigEndian.AppendUint32(nil, code)}
}

// GoAwayFrame returns a GOAWAY frame without an error.
func GoAwayFrame(last uint32) Frame {
	payload := append(binary.BigEndian.AppendUint32(nil, last), 0, 0, 0, 0)
	return Frame{Kind: GoAway, Payload: payload}
}

// Literal is a header field in the form of HPACK that neither compresses nor
// changes the table (RFC 7541 section 6.2.2). Name and value must be shorter than
// 127 bytes.
func Literal(name, value string) []byte {
	b := append([]byte{0, byte(len(name))}, name...)
	return append(append(b, byte(len(value))), value...)
}
