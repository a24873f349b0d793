//go:build unix

package faults

import (
	"net"
	"testing"
	"time"
)

// TestSilentAddr dials an address whose queue is full: of a listener and of connections
// that end with it.
func TestSilentAddr(t *testing.T) {
	c, addr, err := silentAddr("127.0.0.1")
	if err != nil {
		t.Fatal(err)
	}
	if n := len(c.(closers)); n < 2 || n > maxBacklog {
		t.Errorf("%d things are open", n)
	}
	_, err = net.DialTimeout("tcp", addr, 20*time.Millisecond)
	if failed, ok := err.(net.Error); !ok || !failed.Timeout() {
		t.Errorf("%v", err)
	}
	_ = c.Close()
	if conn, err := net.DialTimeout("tcp", addr, time.Minute); err == nil {
		_ = conn.Close()
		t.Error("somebody listens after the end")
	}
	c, addr, err = refusingAddr("127.0.0.1")
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if conn, err := net.DialTimeout("tcp", addr, time.Minute); err == nil {
		_ = conn.Close()
		t.Error("nobody refuses")
	}
}
