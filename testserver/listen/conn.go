package listen

import (
	"encoding/binary"
	"io"
	"net"

	"grab/testserver/fault"
)

const (
	// tlsHandshake is the first byte of every TLS connection, and of no HTTP
	// request.
	tlsHandshake = 0x16

	// recordHeader is the size of the header of a TLS record (RFC 8446 section
	// 5.1), which ends with the length of the rest.
	recordHeader = 5
)

// Conn is an accepted connection, whose first bytes were read already.
type Conn struct {
	net.Conn

	// Fault is what the connection meets, nil for none.
	Fault *fault.Fault

	unread []byte
}

// NetConn returns the connection below.
func (c *Conn) NetConn() net.Conn { return c.Conn }

// peek reads the first byte. If it begins TLS, it reads the whole record, which
// has the name that the client asks for.
func (c *Conn) peek() error {
	c.unread = make([]byte, 1, recordHeader)
	if _, err := io.ReadFull(c.Conn, c.unread); err != nil || !c.isTLS() {
		return err
	}
	c.unread = c.unread[:recordHeader]
	if _, err := io.ReadFull(c.Conn, c.unread[1:]); err != nil {
		return err
	}
	size := int(binary.BigEndian.Uint16(c.unread[3:]))
	c.unread = append(c.unread, make([]byte, size)...)
	_, err := io.ReadFull(c.Conn, c.unread[recordHeader:])
	return err
}

// isTLS reports whether the first byte begins TLS.
func (c *Conn) isTLS() bool { return c.unread[0] == tlsHandshake }

func (c *Conn) Read(p []byte) (int, error) {
	if len(c.unread) > 0 {
		n := copy(p, c.unread)
		c.unread = c.unread[n:]
		return n, nil
	}
	return c.Conn.Read(p)
}
