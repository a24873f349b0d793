package cause

import (
	"errors"
	"net"
	"strings"
	"syscall"
)

// ErrNoPort is the error of a dial when every local port that could reach the
// address is in use.
var ErrNoPort = errors.New("no local port is free")

// IsShortage reports whether err says that this process or machine has no open
// files or local ports left. That is no server's fault, and ends when other
// transfers end.
func IsShortage(err error) bool {
	if errors.Is(err, ErrNoPort) {
		return true
	}
	for _, limit := range []error{syscall.EMFILE, syscall.ENFILE} {
		if errors.Is(err, limit) {
			return true
		}
		if dns, ok := errors.AsType[*net.DNSError](err); ok && strings.Contains(dns.Err, limit.Error()) {
			return true // a DNSError has only the text of its cause
		}
	}
	return false
}
