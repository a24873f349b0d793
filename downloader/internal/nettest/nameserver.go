// Package nettest has name servers and proxies that fail in the ways that real ones
// do, for tests.
package nettest

import (
	"context"
	"encoding/binary"
	"fmt"
	"io"
	"net"
	"net/netip"
	"strings"
	"sync"
	"testing"

	"grab/downloader"
)

// Question is a question to a name server.
type Question struct {
	raw    []byte // header and question only
	Name   string // without the final dot
	kind   uint16 // 1: IPv4 addresses, 28: IPv6 addresses
	Number int    // counts the questions of this kind for this name, from 1
	tcp    bool
}

// Answer returns a response with a code, and those addresses that are of the kind
// asked for.
func (q Question) Answer(code byte, addresses ...string) []byte {
	reply := append([]byte(nil), q.raw...)
	copy(reply[2:], []byte{0x81, 0x80 | code, 0, 1, 0, 0, 0, 0, 0, 0}) // RFC 1035 section 4.1.1
	for _, a := range addresses {
		data := netip.MustParseAddr(a).AsSlice()
		if (len(data) == 4) != (q.kind == 1) {
			continue
		}
		reply = append(reply, 0xc0, 12, 0, byte(q.kind), 0, 1, 0, 0, 0, 0, 0, byte(len(data)))
		reply = append(reply, data...)
		reply[7]++
	}
	return reply
}

// cut marks a response as too long for UDP.
func cut(reply []byte) []byte { reply[2] |= 2; return reply }

// loop returns a response that says the name is an alias of itself.
func (q Question) loop() []byte {
	reply := append(q.Answer(0), 0xc0, 12, 0, 5, 0, 1, 0, 0, 0, 0, 0, 2, 0xc0, 12)
	reply[7]++
	return reply
}

// NameServer starts a name server on an address, and returns a resolver that asks
// it. If answer returns nil, the server does not answer.
func NameServer(t *testing.T, address string, answer func(Question) []byte) *net.Resolver {
	t.Helper()
	server := StartNames(t, address, answer)
	var dialer net.Dialer
	return &net.Resolver{PreferGo: true, Dial: func(ctx context.Context, network, _ string) (net.Conn, error) {
		conn, err := dialer.DialContext(ctx, network, server)
		if err == nil {
			// A look-up that was given up would go on reading for five seconds.
			t.Cleanup(func() { conn.Close() })
		}
		return conn, err
	}}
}

// StartNames starts a name server on an address, and returns the address that it got. If
// answer returns nil, the server does not answer.
func StartNames(t *testing.T, address string, answer func(Question) []byte) string {
	t.Helper()
	udp, err := net.ListenPacket("udp", address)
	if err != nil {
		t.Fatal(err)
	}
	tcp, err := net.Listen("tcp", udp.LocalAddr().String())
	if err != nil {
		t.Skipf("no port for UDP and TCP: %v", err)
	}
	var serving sync.WaitGroup
	t.Cleanup(func() { udp.Close(); tcp.Close(); serving.Wait() })
	reply := replier(answer)
	serving.Go(func() {
		for query := make([]byte, 512); ; {
			n, client, err := udp.ReadFrom(query)
			if err != nil {
				return
			}
			if r := reply(query[:n], false); r != nil {
				_, _ = udp.WriteTo(r, client)
			}
		}
	})
	serving.Go(func() {
		for {
			c, err := tcp.Accept()
			if err != nil {
				return
			}
			serving.Go(func() {
				defer c.Close()
				answerStream(c, reply)
			})
		}
	})
	return udp.LocalAddr().String()
}

// PipeNames returns a resolver that asks a name server in this process, without a
// network, so that it works in a bubble of testing/synctest.
func PipeNames(answer func(Question) []byte) *net.Resolver {
	reply := replier(answer)
	return &net.Resolver{PreferGo: true, Dial: func(context.Context, string, string) (net.Conn, error) {
		client, server := net.Pipe()
		go func() { defer server.Close(); answerStream(server, reply) }()
		return client, nil
	}}
}

// replier returns a function that answers the messages of clients, which come over UDP or
// as a stream.
func replier(answer func(Question) []byte) func(query []byte, stream bool) []byte {
	var mu sync.Mutex
	asked := map[string]int{}
	return func(query []byte, stream bool) []byte {
		end := 12 // of the header; an empty label ends the name
		var labels []string
		for query[end] != 0 {
			next := end + int(query[end]) + 1
			labels = append(labels, string(query[end+1:next]))
			end = next
		}
		end += 5 // the end of the name, and the type and class
		q := Question{raw: query[:end], Name: strings.Join(labels, "."), kind: binary.BigEndian.Uint16(query[end-4:]), tcp: stream}
		mu.Lock()
		defer mu.Unlock()
		asked[fmt.Sprint(q.kind, q.Name)]++
		q.Number = asked[fmt.Sprint(q.kind, q.Name)]
		return answer(q)
	}
}

// answerStream answers one message, with its length before it (RFC 1035 section 4.2.2). If
// there is no answer, it just returns.
func answerStream(c net.Conn, reply func(query []byte, stream bool) []byte) {
	length := make([]byte, 2)
	if _, err := io.ReadFull(c, length); err != nil {
		return
	}
	query := make([]byte, binary.BigEndian.Uint16(length))
	if _, err := io.ReadFull(c, query); err != nil {
		return
	}
	r := reply(query, true)
	if r == nil {
		return
	}
	_, _ = c.Write(append(binary.BigEndian.AppendUint16(nil, uint16(len(r))), r...))
}

// NameFault is a behaviour of a name server, and the class of the image that needs
// the name.
type NameFault struct {
	What   string
	Answer func(Question) []byte
	Class  downloader.Class
	Again  bool // another attempt may help
}

// NameFaults returns the faults of rows A47 and A48 of the catalogue, and a name
// that has the address good.
func NameFaults(good string) []NameFault {
	junk := []byte(strings.Repeat("\xff", 60_000))
	overTCP := func(reply func(Question) []byte) func(Question) []byte {
		return func(q Question) []byte {
			if !q.tcp {
				return cut(q.Answer(0))
			}
			return reply(q)
		}
	}
	return []NameFault{
		{"exists", func(q Question) []byte { return q.Answer(0, good) }, "", false},
		{"no such name", func(q Question) []byte { return q.Answer(3) }, downloader.ClassDNSNotFound, false},
		{"no address", func(q Question) []byte { return q.Answer(0) }, downloader.ClassDNSNotFound, false},
		{"server fails", func(q Question) []byte { return q.Answer(2) }, downloader.ClassDNS, true},
		{"server refuses", func(q Question) []byte { return q.Answer(5) }, downloader.ClassDNS, true},
		{"silence", func(Question) []byte { return nil }, downloader.ClassDNS, true},
		{"too long for UDP", overTCP(func(q Question) []byte { return q.Answer(0, good) }), "", false},
		{"too long for UDP, and no TCP", overTCP(func(Question) []byte { return nil }), downloader.ClassDNS, true},
		{"64 KiB", overTCP(func(q Question) []byte { return append(q.Answer(0), junk...) }), downloader.ClassDNSNotFound, false},
		{"64 KiB of garbage", overTCP(func(Question) []byte { return junk }), downloader.ClassDNS, true},
		{"an alias of itself", Question.loop, downloader.ClassDNSNotFound, false},
	}
}
