package downloader

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"net/netip"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// Question is what a name server is asked.
type Question struct {
	raw    []byte // header and question, without what follows
	Name   string // without a dot at its end
	kind   uint16 // 1: IPv4, 28: IPv6
	Number int    // of the questions of this kind for this name, from 1
	tcp    bool
}

// Answer returns a response with a code, and addresses of the kind asked for.
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

// cut marks a response as one that is too long for UDP.
func cut(reply []byte) []byte { reply[2] |= 2; return reply }

// loop answers that the name is an alias of itself.
func (q Question) loop() []byte {
	reply := append(q.Answer(0), 0xc0, 12, 0, 5, 0, 1, 0, 0, 0, 0, 0, 2, 0xc0, 12)
	reply[7]++
	return reply
}

// NameServer is a name server on an address, and a resolver that asks it. An
// answer of nil is silence.
func NameServer(t *testing.T, address string, answer func(Question) []byte) *net.Resolver {
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
	var mu sync.Mutex
	asked := map[string]int{}
	reply := func(query []byte, overTCP bool) []byte {
		end := 12 // of the header; the name ends with an empty label
		var labels []string
		for query[end] != 0 {
			next := end + int(query[end]) + 1
			labels = append(labels, string(query[end+1:next]))
			end = next
		}
		end += 5 // and the type and class
		q := Question{raw: query[:end], Name: strings.Join(labels, "."), kind: binary.BigEndian.Uint16(query[end-4:]), tcp: overTCP}
		mu.Lock()
		defer mu.Unlock()
		asked[fmt.Sprint(q.kind, q.Name)]++
		q.Number = asked[fmt.Sprint(q.kind, q.Name)]
		return answer(q)
	}
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
				length := make([]byte, 2)
				if _, err := io.ReadFull(c, length); err != nil {
					return
				}
				query := make([]byte, binary.BigEndian.Uint16(length))
				if _, err := io.ReadFull(c, query); err == nil {
					if r := reply(query, true); r != nil {
						_, _ = c.Write(append(binary.BigEndian.AppendUint16(nil, uint16(len(r))), r...))
					}
				}
			})
		}
	})
	var dialer net.Dialer
	return &net.Resolver{PreferGo: true, Dial: func(ctx context.Context, network, _ string) (net.Conn, error) {
		conn, err := dialer.DialContext(ctx, network, udp.LocalAddr().String())
		if err == nil {
			t.Cleanup(func() { conn.Close() }) // a look-up that nobody waits for any more reads for five seconds
		}
		return conn, err
	}}
}

// NameFault is something that name servers do, and what becomes of the image.
type NameFault struct {
	What   string
	Answer func(Question) []byte
	Class  Class
	Again  bool // it is worth another attempt
}

// NameFaults are rows A47 and A48 of the catalogue, and a name that is good.
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
		{"no such name", func(q Question) []byte { return q.Answer(3) }, ClassDNSNotFound, false},
		{"no address", func(q Question) []byte { return q.Answer(0) }, ClassDNSNotFound, false},
		{"server fails", func(q Question) []byte { return q.Answer(2) }, ClassDNS, true},
		{"server refuses", func(q Question) []byte { return q.Answer(5) }, ClassDNS, true},
		{"silence", func(Question) []byte { return nil }, ClassDNS, true},
		{"too long for UDP", overTCP(func(q Question) []byte { return q.Answer(0, good) }), "", false},
		{"too long for UDP, and no TCP", overTCP(func(Question) []byte { return nil }), ClassDNS, true},
		{"64 KiB", overTCP(func(q Question) []byte { return append(q.Answer(0), junk...) }), ClassDNSNotFound, false},
		{"64 KiB of nonsense", overTCP(func(Question) []byte { return junk }), ClassDNS, true},
		{"an alias of itself", Question.loop, ClassDNSNotFound, false},
	}
}

// TestNames plays what name servers do, each with a server of its own.
func TestNames(t *testing.T) {
	public := startStation(t, publicHost+":0").start(t)
	for _, tt := range NameFaults(publicHost) {
		t.Run(tt.What, func(t *testing.T) {
			t.Parallel()
			tr := newTraveller(t, asking(NameServer(t, "127.0.0.1:0", tt.Answer)), func(o *Options) { o.ConnectTimeout = 2 * time.Second })
			done := tr.Do(t.Context(), job{Item: Item{URL: "http://name.test." + public.port() + "/x"}})
			if r := done.Result; r.Class != tt.Class || r.Attempts != 1 || done.Trouble != nil && done.Trouble.Again != tt.Again || tt.Again && done.Trouble == nil {
				t.Errorf("class %q after %d attempts (%s), trouble %+v", r.Class, r.Attempts, r.Error, done.Trouble)
			}
			if r := done.Result; tt.Class != "" && !strings.Contains(r.Error, "name.test") {
				t.Errorf("the error is %q", r.Error)
			}
		})
	}
}

// TestNoNameIsRemembered asks again after a name server failed.
func TestNoNameIsRemembered(t *testing.T) {
	public := startStation(t, publicHost+":0").start(t)
	failing := true
	var mu sync.Mutex
	names := NameServer(t, "127.0.0.1:0", func(q Question) []byte {
		mu.Lock()
		defer mu.Unlock()
		if failing {
			return q.Answer(2)
		}
		return q.Answer(0, publicHost)
	})
	tr := newTraveller(t, asking(names), nil)
	url := "http://name.test." + public.port() + "/x"
	tr.goes(url, ClassDNS, "server misbehaving")
	mu.Lock()
	failing = false
	mu.Unlock()
	tr.goes(url, "")
}

// TestBlackHoles has names with an address where nothing answers and a good one: A49.
func TestBlackHoles(t *testing.T) {
	for _, hole := range []string{"::1", "127.0.0.3"} {
		t.Run(hole, func(t *testing.T) {
			t.Parallel()
			public := startStation(t, publicHost+":0").start(t)
			n := asking(NameServer(t, "127.0.0.1:0", func(q Question) []byte { return q.Answer(0, hole, publicHost) }))
			var mu sync.Mutex
			fell := 0
			n.dialer.ControlContext = func(ctx context.Context, _, address string, _ syscall.RawConn) error {
				if host, _, err := net.SplitHostPort(address); err != nil || host != hole {
					return err
				}
				mu.Lock()
				fell++
				mu.Unlock()
				<-ctx.Done()
				return errors.New("nobody there")
			}
			tr := newTraveller(t, n, func(o *Options) { o.ConnectTimeout = 5 * time.Second })
			tr.goes("http://hole.test."+public.port()+"/x", "")
			mu.Lock()
			defer mu.Unlock()
			if fell != 1 {
				t.Errorf("the black hole was dialled %d times", fell)
			}
		})
	}
}
