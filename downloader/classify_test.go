package downloader

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
)

// slow is an error that is a timeout.
type slow struct{}

func (slow) Error() string   { return "slow" }
func (slow) Timeout() bool   { return true }
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
		at      phase
		class   Class
		retries int // of 4
	}{
		{"one of ours", fmt.Errorf("x: %w", &Error{Class: ClassTooBig}), phaseBody, ClassTooBig, 0},

		{"name does not exist", dial(&net.DNSError{Err: "no such host", Name: "nosuchhost.invalid", IsNotFound: true}), phaseDNS, ClassDNSNotFound, 0},
		{"server fails", dial(&net.DNSError{Err: "server misbehaving", IsTemporary: true}), phaseDNS, ClassDNS, 4},
		{"look-up takes too long", dial(&net.DNSError{Err: "i/o timeout", IsTimeout: true}), phaseDNS, ClassDNS, 4},

		{"refused", dial(call(syscall.ECONNREFUSED)), phaseConnect, ClassConnect, 4},
		{"unreachable", dial(call(syscall.EHOSTUNREACH)), phaseConnect, ClassConnect, 4},
		{"no network", dial(call(syscall.ENETUNREACH)), phaseStart, ClassConnect, 4},
		{"reset while connecting", dial(call(syscall.ECONNRESET)), phaseConnect, ClassConnect, 4},
		{"dial takes too long", dial(slow{}), phaseConnect, ClassTimeoutConnect, 4},
		{"dial takes too long for the kernel", dial(call(syscall.ETIMEDOUT)), phaseConnect, ClassTimeoutConnect, 4},
		{"no connection to the proxy", &proxyError{"proxy.test:3128", dial(call(syscall.ECONNREFUSED))}, phaseConnect, ClassProxy, 4},
		{"no such proxy", &proxyError{"proxy.test:3128", dial(&net.DNSError{Err: "no such host", IsNotFound: true})}, phaseDNS, ClassProxy, 4},
		{"proxy refuses", &proxyError{"proxy.test:3128", statusError(403)}, phaseConnect, ClassProxy, 0},
		{"proxy's gateway fails", &proxyError{"proxy.test:3128", statusError(502)}, phaseConnect, ClassProxy, 4},

		{"unknown authority", &tls.CertificateVerificationError{Err: x509.UnknownAuthorityError{}}, phaseTLS, ClassTLS, 0},
		{"another host's certificate", x509.HostnameError{}, phaseTLS, ClassTLS, 0},
		{"expired", x509.CertificateInvalidError{Reason: x509.Expired}, phaseTLS, ClassTLS, 0},
		{"handshake takes too long", slow{}, phaseTLS, ClassTLS, 4},
		{"handshake breaks off", io.EOF, phaseTLS, ClassTLS, 4},
		{"handshake is reset", read(syscall.ECONNRESET), phaseTLS, ClassReset, 4},
		{"not TLS", tls.RecordHeaderError{Msg: "first record does not look like a TLS handshake"}, phaseTLS, ClassTLS, 4},

		{"no headers in time", slow{}, phaseWait, ClassTimeoutHeader, 4},
		{"closed without an answer", io.EOF, phaseWait, ClassEmptyReply, 4},
		{"reset before an answer", read(syscall.ECONNRESET), phaseWait, ClassReset, 4},
		{"pipe broke", &net.OpError{Op: "write", Err: os.NewSyscallError("write", syscall.EPIPE)}, phaseWait, ClassReset, 4},

		{"body ends early", io.ErrUnexpectedEOF, phaseBody, ClassTruncated, 4},
		{"body is reset", read(syscall.ECONNRESET), phaseBody, ClassReset, 4},
		{"the kernel gives up", read(syscall.ETIMEDOUT), phaseBody, ClassStall, 4},
		{"closed under us", net.ErrClosed, phaseBody, ClassReset, 4},
		{"HTTP/2 stream reset", errors.New("stream error: stream ID 7; INTERNAL_ERROR; received from peer"), phaseBody, ClassReset, 4},
		{"HTTP/2 connection lost", errors.New("http2: client connection lost"), phaseBody, ClassReset, 4},
		{"HTTP/2 going away", errors.New("http2: server sent GOAWAY and closed the connection; LastStreamID=1, ErrCode=NO_ERROR"), phaseWait, ClassReset, 4},
		{"idle connection closed", errors.New("http: server closed idle connection"), phaseWait, ClassReset, 4},
		{"nonsense", errors.New(`net/http: HTTP/1.x transport connection broken: malformed HTTP response "x"`), phaseWait, ClassProtocol, 1},
		{"nonsense in a response", errors.New("malformed HTTP status code \"x\""), phaseWait, ClassProtocol, 0},
		{"plain HTTP on the port of TLS", errors.New("http: server gave HTTP response to HTTPS client"), phaseTLS, ClassProtocol, 1},
		{"nothing in common", &net.OpError{Op: "remote error", Err: errors.New("tls: handshake failure")}, phaseTLS, ClassTLS, 0},
		{"flood after the handshake", errors.New("tls: too many non-advancing records"), phaseWait, ClassTLS, 4},
	} {
		t.Run(tt.name, func(t *testing.T) {
			for _, err := range []error{tt.err, &url.Error{Op: "Get", URL: "http://secret@a.test/", Err: tt.err}, fmt.Errorf("wrapped: %w", tt.err)} {
				e := classify(err, tt.at)
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

// TestLocalFailure has what files, sinks and observers fail with.
func TestLocalFailure(t *testing.T) {
	for _, tt := range []struct {
		err   error
		class Class
	}{
		{&fs.PathError{Op: "write", Err: syscall.ENOSPC}, ClassDiskFull},
		{&fs.PathError{Op: "close", Err: syscall.EDQUOT}, ClassDiskFull},
		{&fs.PathError{Op: "write", Err: syscall.EFBIG}, ClassDiskFull},
		{&os.LinkError{Op: "rename", Err: syscall.ENOSPC}, ClassDiskFull},
		{syscall.ENOSPC, ClassDiskFull},
		{&fs.PathError{Op: "open", Err: syscall.EROFS}, ClassIO},
		{&fs.PathError{Op: "write", Err: syscall.EIO}, ClassIO},
		{errors.New("anything"), ClassIO},
		{&Error{Class: ClassExists}, ClassExists},
	} {
		e := localFailure(fmt.Errorf("wrapped: %w", tt.err))
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
	ours, cancelOurs := context.WithDeadlineCause(t.Context(), time.Unix(0, 0), &Error{Class: ClassDeadline, Reason: "not done"})
	defer cancelOurs()
	for _, tt := range []struct {
		ctx   context.Context
		class Class
		text  string
	}{
		{ended(nil), ClassCanceled, "read body: context canceled"},
		{ended(errors.New("had enough")), ClassCanceled, "read body: had enough"},
		{late, ClassDeadline, "read body: context deadline exceeded"},
		{ours, ClassDeadline, "read body: not done"},
	} {
		if e := fromContext(tt.ctx, phaseBody.String()); e.Class != tt.class || e.Error() != tt.text {
			t.Errorf("%s: %s, want %s: %s", e.Class, e, tt.class, tt.text)
		}
	}
}
