package downloader

import (
	"context"
	"encoding/binary"
	"errors"
	"io"
	"net"
	"net/netip"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// question is what a name server is asked.
type question struct {
	raw    []byte // header and question, without what follows
	kind   uint16 // 1: IPv4, 28: IPv6
	number int    // of the questions of this kind, from 1
	tcp    bool
}

// answer returns a response with a code, and addresses of the kind asked for.
func (q question) answer(code byte, addresses ...string) []byte {
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

// alias answers with another name, and no address: itself is a loop.
func (q question) alias(name string) []byte {
	reply := q.answer(0)
	var data []byte
	for label := range strings.SplitSeq(name, ".") {
		data = append(append(data, byte(len(label))), label...)
	}
	reply = append(reply, 0xc0, 12, 0, 5, 0, 1, 0, 0, 0, 0, 0, byte(len(data)+1))
	reply[7]++
	return append(append(reply, data...), 0)
}

// nameServer is a name server on a loopback address. An answer of nil is silence.
func nameServer(t *testing.T, answer func(question) []byte) *net.Resolver {
	t.Helper()
	udp, err := net.ListenPacket("udp", "127.0.0.1:0")
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
	asked := map[uint16]int{}
	reply := func(query []byte, overTCP bool) []byte {
		end := 12 // of the header; the name ends with an empty label
		for query[end] != 0 {
			end += int(query[end]) + 1
		}
		end += 5 // and the type and class
		q := question{raw: query[:end], kind: binary.BigEndian.Uint16(query[end-4:]), tcp: overTCP}
		mu.Lock()
		defer mu.Unlock()
		asked[q.kind]++
		q.number = asked[q.kind]
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
		return dialer.DialContext(ctx, network, udp.LocalAddr().String())
	}}
}

// TestNames plays what name servers do: A47 and A48 of the catalogue.
func TestNames(t *testing.T) {
	public := startStation(t, publicHost+":0").start(t)
	junk := []byte(strings.Repeat("\xff", 60_000))
	for _, tt := range []struct {
		name   string
		answer func(question) []byte
		class  Class
		again  bool
	}{
		{"exists", func(q question) []byte { return q.answer(0, publicHost) }, "", false},
		{"A47 no such name", func(q question) []byte { return q.answer(3) }, ClassDNSNotFound, false},
		{"A47 no address", func(q question) []byte { return q.answer(0) }, ClassDNSNotFound, false},
		{"A48 server fails", func(q question) []byte { return q.answer(2) }, ClassDNS, true},
		{"A48 server refuses", func(q question) []byte { return q.answer(5) }, ClassDNS, true},
		{"A48 silence", func(question) []byte { return nil }, ClassDNS, true},
		{"A48 too long for UDP", func(q question) []byte {
			if !q.tcp {
				return cut(q.answer(0))
			}
			return q.answer(0, publicHost)
		}, "", false},
		{"A48 too long for UDP, and no TCP", func(q question) []byte {
			if q.tcp {
				return nil
			}
			return cut(q.answer(0))
		}, ClassDNS, true},
		{"A48 64 KiB", func(q question) []byte {
			if !q.tcp {
				return cut(q.answer(0))
			}
			return append(q.answer(0), junk...)
		}, ClassDNSNotFound, false},
		{"A48 64 KiB of nonsense", func(q question) []byte {
			if !q.tcp {
				return cut(q.answer(0))
			}
			return junk
		}, ClassDNS, true},
		{"A48 an alias of itself", func(q question) []byte { return q.alias("name.test") }, ClassDNSNotFound, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			tr := newTraveller(t, func(o *Options) { o.ConnectTimeout = 2 * time.Second })
			tr.dialer.Resolver = nameServer(t, tt.answer)
			done := tr.Do(t.Context(), job{Item: Item{URL: "http://name.test." + public.port() + "/x"}})
			if r := done.Result; r.Class != tt.class || r.Attempts != 1 || done.Trouble != nil && done.Trouble.Again != tt.again || tt.again && done.Trouble == nil {
				t.Errorf("class %q after %d attempts (%s), trouble %+v", r.Class, r.Attempts, r.Error, done.Trouble)
			}
			if r := done.Result; tt.class != "" && !strings.Contains(r.Error, "name.test") {
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
	tr := newTraveller(t, nil)
	tr.dialer.Resolver = nameServer(t, func(q question) []byte {
		mu.Lock()
		defer mu.Unlock()
		if failing {
			return q.answer(2)
		}
		return q.answer(0, publicHost)
	})
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
			tr := newTraveller(t, func(o *Options) { o.ConnectTimeout = 5 * time.Second })
			tr.dialer.Resolver = nameServer(t, func(q question) []byte { return q.answer(0, hole, publicHost) })
			var mu sync.Mutex
			fell := 0
			tr.dialer.ControlContext = func(ctx context.Context, _, address string, _ syscall.RawConn) error {
				if host, _, err := net.SplitHostPort(address); err != nil || host != hole {
					return err
				}
				mu.Lock()
				fell++
				mu.Unlock()
				<-ctx.Done()
				return errors.New("nobody there")
			}
			tr.goes("http://hole.test."+public.port()+"/x", "")
			mu.Lock()
			defer mu.Unlock()
			if fell != 1 {
				t.Errorf("the black hole was dialled %d times", fell)
			}
		})
	}
}
