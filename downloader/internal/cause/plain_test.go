package cause

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/url"
	"os"
	"syscall"
	"testing"

	"grab/downloader/live"
)

// An error says what happened in one phrase, without the echoes of the layers below, and
// stays the error that it was.
func TestPlainErrors(t *testing.T) {
	peer := &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 9}
	own := &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 54321}
	dial := func(err error) error { return &net.OpError{Op: "dial", Net: "tcp", Addr: peer, Err: err} }
	read := func(err error) error { return &net.OpError{Op: "read", Net: "tcp", Source: own, Addr: peer, Err: err} }
	call := func(err error) error { return os.NewSyscallError("connect", err) }
	noHost := &net.DNSError{Err: "no such host", Name: "a.invalid", Server: "10.0.0.1:53", IsNotFound: true}
	for _, test := range []struct {
		err  error
		at   live.Phase
		want string
	}{
		{dial(call(syscall.ECONNREFUSED)), live.PhaseConnect, "connection refused by 127.0.0.1:9"},
		{&url.Error{Op: "Get", URL: "http://u:p@x/", Err: dial(call(syscall.ECONNREFUSED))}, live.PhaseConnect, "connection refused by 127.0.0.1:9"},
		{dial(call(syscall.EHOSTUNREACH)), live.PhaseConnect, "no route to 127.0.0.1:9"},
		{dial(call(syscall.ENETUNREACH)), live.PhaseConnect, "no route to 127.0.0.1:9"},
		{dial(slow{}), live.PhaseConnect, "timeout: no connection to 127.0.0.1:9"},
		{dial(call(syscall.EADDRNOTAVAIL)), live.PhaseConnect, "connect: dial tcp 127.0.0.1:9: connect: cannot assign requested address"},
		{&net.OpError{Op: "dial", Net: "tcp", Err: noHost}, live.PhaseDNS, "no such host: a.invalid (name server 10.0.0.1:53)"},
		{&net.OpError{Op: "dial", Net: "tcp", Err: &net.DNSError{Err: "i/o timeout", Name: "a.b", IsTimeout: true}}, live.PhaseDNS, "no answer to the look-up of a.b"},
		{&net.OpError{Op: "dial", Net: "tcp", Err: &net.DNSError{Err: "server misbehaving", Name: "a.b"}}, live.PhaseDNS, "look-up of a.b failed: server misbehaving"},
		{read(call(syscall.ECONNRESET)), live.PhaseWait, "wait for the response: connection reset by 127.0.0.1:9"},
		{fmt.Errorf("odd: %w", read(call(syscall.ECONNRESET))), live.PhaseBody, "read body: connection reset by 127.0.0.1:9"},
		{read(call(syscall.ECONNRESET)), live.PhaseTLS, "TLS handshake: connection reset by 127.0.0.1:9"},
		{&net.OpError{Op: "write", Net: "tcp", Source: own, Addr: peer, Err: call(syscall.EPIPE)}, live.PhaseWait, "wait for the response: connection closed by 127.0.0.1:9"},
		{read(slow{}), live.PhaseBody, "read body: timeout: no answer from 127.0.0.1:9"},
		{&net.OpError{Op: "remote error", Err: tls.AlertError(40)}, live.PhaseTLS, "TLS handshake: remote error: tls: handshake failure"},
		{&ProxyError{"proxy:3128", dial(call(syscall.ECONNREFUSED))}, live.PhaseConnect, "connect: proxy proxy:3128: connection refused by 127.0.0.1:9"},
		{io.ErrUnexpectedEOF, live.PhaseBody, "read body: unexpected EOF"},
		{context.DeadlineExceeded, live.PhaseConnect, "connect: context deadline exceeded"},
	} {
		got := Classify(test.err, test.at)
		if got.Error() != test.want {
			t.Errorf("%v:\ngot  %s\nwant %s", test.err, got, test.want)
		}
		cause := test.err
		if wrapped, ok := errors.AsType[*url.Error](cause); ok {
			cause = wrapped.Err
		}
		if !errors.Is(got, cause) {
			t.Errorf("%v: the cause is lost", test.err)
		}
	}
}
