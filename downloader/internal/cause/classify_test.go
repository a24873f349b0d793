package cause

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"net/url"
	"os"
	"syscall"
	"testing"
	"time"

	"grab/downloader"
	"grab/downloader/live"
)

// slow is a timeout.
type slow struct{}

func (slow) Error() string { return "slow" }

func (slow) Timeout() bool { return true }

func (slow) Temporary() bool { return true }

func TestClassify(t *testing.T) {
	dial := func(err error) error { return &net.OpError{Op: "dial", Net: "tcp", Err: err} }
	call := func(err error) error { return os.NewSyscallError("connect", err) }
	read := func(err error) error {
		return &net.OpError{Op: "read", Net: "tcp", Err: os.NewSyscallError("read", err)}
	}
	for _, tt := range []struct {
		name    string
		err     error
		at      live.Phase
		class   downloader.Class
		retries int // of 4
	}{
		{"one of ours", fmt.Errorf("x: %w", &downloader.Error{Class: downloader.ClassTooBig}), live.PhaseBody, downloader.ClassTooBig, 0},

		{"name does not exist", dial(&net.DNSError{Err: "no such host", Name: "nosuchhost.invalid", IsNotFound: true}), live.PhaseDNS, downloader.ClassDNSNotFound, 0},
		{"server fails", dial(&net.DNSError{Err: "server misbehaving", IsTemporary: true}), live.PhaseDNS, downloader.ClassDNS, 4},
		{"look-up takes too long", dial(&net.DNSError{Err: "i/o timeout", IsTimeout: true}), live.PhaseDNS, downloader.ClassDNS, 4},

		{"refused", dial(call(syscall.ECONNREFUSED)), live.PhaseConnect, downloader.ClassConnect, 4},
		{"unreachable", dial(call(syscall.EHOSTUNREACH)), live.PhaseConnect, downloader.ClassConnect, 4},
		{"no network", dial(call(syscall.ENETUNREACH)), live.PhaseStart, downloader.ClassConnect, 4},
		{"reset while connecting", dial(call(syscall.ECONNRESET)), live.PhaseConnect, downloader.ClassConnect, 4},
		{"dial takes too long", dial(slow{}), live.PhaseConnect, downloader.ClassTimeoutConnect, 4},
		{"dial takes too long for the kernel", dial(call(syscall.ETIMEDOUT)), live.PhaseConnect, downloader.ClassTimeoutConnect, 4},
		{"no connection to the proxy", &ProxyError{"proxy.test:3128", dial(call(syscall.ECONNREFUSED))}, live.PhaseConnect, downloader.ClassProxy, 4},
		{"no such proxy", &ProxyError{"proxy.test:3128", dial(&net.DNSError{Err: "no such host", IsNotFound: true})}, live.PhaseDNS, downloader.ClassProxy, 4},
		{"proxy refuses", &ProxyError{"proxy.test:3128", StatusError(403)}, live.PhaseConnect, downloader.ClassProxy, 0},
		{"proxy's gateway fails", &ProxyError{"proxy.test:3128", StatusError(502)}, live.PhaseConnect, downloader.ClassProxy, 4},

		{"unknown authority", &tls.CertificateVerificationError{Err: x509.UnknownAuthorityError{}}, live.PhaseTLS, downloader.ClassTLS, 0},
		{"another host's certificate", x509.HostnameError{}, live.PhaseTLS, downloader.ClassTLS, 0},
		{"expired", x509.CertificateInvalidError{Reason: x509.Expired}, live.PhaseTLS, downloader.ClassTLS, 0},
		{"handshake takes too long", slow{}, live.PhaseTLS, downloader.ClassTLS, 4},
		{"handshake breaks off", io.EOF, live.PhaseTLS, downloader.ClassTLS, 4},
		{"handshake is reset", read(syscall.ECONNRESET), live.PhaseTLS, downloader.ClassReset, 4},
		{"not TLS", tls.RecordHeaderError{Msg: "first record does not look like a TLS handshake"}, live.PhaseTLS, downloader.ClassTLS, 4},

		{"no headers in time", slow{}, live.PhaseWait, downloader.ClassTimeoutHeader, 4},
		{"closed without an answer", io.EOF, live.PhaseWait, downloader.ClassEmptyReply, 4},
		{"reset before an answer", read(syscall.ECONNRESET), live.PhaseWait, downloader.ClassReset, 4},
		{"pipe broke", &net.OpError{Op: "write", Err: os.NewSyscallError("write", syscall.EPIPE)}, live.PhaseWait, downloader.ClassReset, 4},

		{"body ends early", io.ErrUnexpectedEOF, live.PhaseBody, downloader.ClassTruncated, 4},
		{"body is reset", read(syscall.ECONNRESET), live.PhaseBody, downloader.ClassReset, 4},
		{"the kernel gives up", read(syscall.ETIMEDOUT), live.PhaseBody, downloader.ClassStall, 4},
		{"closed under us", net.ErrClosed, live.PhaseBody, downloader.ClassReset, 4},
		{"HTTP/2 stream reset", errors.New("stream error: stream ID 7; INTERNAL_ERROR; received from peer"), live.PhaseBody, downloader.ClassReset, 4},
		{"HTTP/2 connection lost", errors.New("http2: client connection lost"), live.PhaseBody, downloader.ClassReset, 4},
		{"HTTP/2 going away", errors.New("http2: server sent GOAWAY and closed the connection; LastStreamID=1, ErrCode=NO_ERROR"), live.PhaseWait, downloader.ClassReset, 4},
		{"idle connection closed", errors.New("http: server closed idle connection"), live.PhaseWait, downloader.ClassReset, 4},
		{"nonsense", errors.New(`net/http: HTTP/1.x transport connection broken: malformed HTTP response "x"`), live.PhaseWait, downloader.ClassProtocol, 1},
		{"nonsense in a response", errors.New("malformed HTTP status code \"x\""), live.PhaseWait, downloader.ClassProtocol, 0},
		{"plain HTTP on the port of TLS", errors.New("http: server gave HTTP response to HTTPS client"), live.PhaseTLS, downloader.ClassProtocol, 1},
		{"nothing in common", &net.OpError{Op: "remote error", Err: errors.New("tls: handshake failure")}, live.PhaseTLS, downloader.ClassTLS, 0},
		{"flood after the handshake", errors.New("tls: too many non-advancing records"), live.PhaseWait, downloader.ClassTLS, 4},
	} {
		t.Run(tt.name, func(t *testing.T) {
			for _, err := range []error{tt.err, &url.Error{Op: "Get", URL: "http://secret@a.test/", Err: tt.err}, fmt.Errorf("wrapped: %w", tt.err)} {
				e := Classify(err, tt.at)
				if e.Class != tt.class || e.Retries(4) != tt.retries || e.Retries(0) != 0 {
					t.Errorf("%v: class %s, %d retries; want %s, %d", err, e.Class, e.Retries(4), tt.class, tt.retries)
				}
				if !errors.Is(e, tt.class) {
					t.Errorf("%v: errors.Is does not find the class", e)
				}
			}
		})
	}
}

// TestLocalFailure tests the errors that files, sinks and observers return.
func TestLocalFailure(t *testing.T) {
	for _, tt := range []struct {
		err   error
		class downloader.Class
	}{
		{&fs.PathError{Op: "write", Err: syscall.ENOSPC}, downloader.ClassDiskFull},
		{&fs.PathError{Op: "close", Err: syscall.EDQUOT}, downloader.ClassDiskFull},
		{&fs.PathError{Op: "write", Err: syscall.EFBIG}, downloader.ClassDiskFull},
		{&os.LinkError{Op: "rename", Err: syscall.ENOSPC}, downloader.ClassDiskFull},
		{syscall.ENOSPC, downloader.ClassDiskFull},
		{&fs.PathError{Op: "open", Err: syscall.EROFS}, downloader.ClassIO},
		{&fs.PathError{Op: "write", Err: syscall.EIO}, downloader.ClassIO},
		{errors.New("anything"), downloader.ClassIO},
		{&downloader.Error{Class: downloader.ClassExists}, downloader.ClassExists},
	} {
		e := downloader.LocalFailure(fmt.Errorf("wrapped: %w", tt.err))
		if e.Class != tt.class || !errors.Is(e, tt.class) || e.Retries(4) != 0 {
			t.Errorf("%v: class %s, %d retries; want %s, none", tt.err, e.Class, e.Retries(4), tt.class)
		}
	}
}

func TestWhyAContextEnded(t *testing.T) {
	ended := func(cause error) context.Context {
		ctx, cancel := context.WithCancelCause(t.Context())
		cancel(cause)
		return ctx
	}
	late, cancel := context.WithDeadline(t.Context(), time.Unix(0, 0))
	defer cancel()
	ours, cancelOurs := context.WithDeadlineCause(t.Context(), time.Unix(0, 0), &downloader.Error{Class: downloader.ClassDeadline, Reason: "not done"})
	defer cancelOurs()
	for _, tt := range []struct {
		ctx   context.Context
		class downloader.Class
		text  string
	}{
		{ended(nil), downloader.ClassCanceled, "read body: context canceled"},
		{ended(errors.New("had enough")), downloader.ClassCanceled, "read body: had enough"},
		{late, downloader.ClassDeadline, "read body: context deadline exceeded"},
		{ours, downloader.ClassDeadline, "read body: not done"},
	} {
		if e := downloader.FromContext(tt.ctx, live.PhaseBody.String()); e.Class != tt.class || e.Error() != tt.text {
			t.Errorf("%s: %s, want %s: %s", e.Class, e, tt.class, tt.text)
		}
	}
}
