package faults

import (
	"context"
	"encoding/binary"
	"fmt"
	"io"
	"net"
	"strings"
	"testing"
	"testing/synctest"

	"grab/testserver/fault"
	"grab/testserver/h2"
)

// TestFrames has four requests on a connection of HTTP/2 with each fault of frames, and
// compares the frames that arrive at both ends with testdata/frames.txt.
func TestFrames(t *testing.T) {
	var got strings.Builder
	for _, f := range All() {
		if f.Conn != nil && f.Conn.Frames != nil {
			fmt.Fprintf(&got, "# %s\n%s", f.Name, framesOf(t, f))
		}
	}
	compare(t, "testdata/frames.txt", got.String())
}

// framesOf returns what a client and a server get.
func framesOf(t *testing.T, f fault.Fault) (text string) {
	synctest.Test(t, func(t *testing.T) {
		client, clientSide := net.Pipe()
		server, serverSide := net.Pipe()
		relay := h2.NewRelay(clientSide, serverSide)
		f.Conn.Frames(relay)
		done := make(chan bool)
		go func() { done <- relay.Run(context.Background()) }()
		toClient, toServer := make(chan string), make(chan string)
		go func() { toClient <- collect(client, 0) }()
		go func() { toServer <- collect(server, len("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")) }()
		send := func(c net.Conn, frames ...string) {
			_, _ = io.WriteString(c, strings.Join(frames, ""))
			synctest.Wait()
		}
		send(server, frame(4, 0, 0, "\x00\x03\x00\x00\x00\x64\x00\x04\x00\x01\x00\x00"))
		send(client, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", frame(4, 0, 0, "\x00\x01\x00\x00\x10\x00"))
		send(server, frame(4, 1, 0, ""))
		for stream := uint32(1); stream < 9; stream += 2 {
			send(client, frame(1, 4|1, stream, "ask"))
			send(server, frame(1, 4, stream, "ok"))
			send(server, frame(0, 0, stream, "first"), frame(0, 1, stream, "last"))
		}
		send(client, frame(6, 0, 0, "pingpong"))
		_, _ = client.Close(), server.Close()
		text = fmt.Sprintf("client: %s\nserver: %s\nasked: %v\n", <-toClient, <-toServer, <-done)
	})
	return text
}

func frame(kind, flags byte, stream uint32, payload string) string {
	head := binary.BigEndian.AppendUint32(nil, uint32(len(payload))<<8|uint32(kind))
	return string(binary.BigEndian.AppendUint32(append(head, flags), stream)) + payload
}

// collect reads frames up to the end, or enough of a flood, and returns them as text. A
// preface comes first.
func collect(c net.Conn, preface int) string {
	const enough = 100
	defer c.Close()
	_, _ = io.ReadFull(c, make([]byte, preface))
	var list []string
	for len(list) < enough {
		head := make([]byte, 9)
		if _, err := io.ReadFull(c, head); err != nil {
			break
		}
		payload := make([]byte, binary.BigEndian.Uint32(head)>>8)
		if _, err := io.ReadFull(c, payload); err != nil {
			break
		}
		text := fmt.Sprintf("%d/%x/%d", head[3], head[4], binary.BigEndian.Uint32(head[5:]))
		if len(payload) > 0 {
			text += fmt.Sprintf(" %.40q", payload)
		}
		list = append(list, text)
	}
	if len(list) == enough { // what is sent again and again
		list = append(list[:8], "…")
	}
	return strings.Join(list, ", ")
}
