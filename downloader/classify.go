package downloader

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"syscall"
	"time"
)

// phase is how far a request has come. Errors of net/http often do not say it.
type phase int

const (
	phaseStart phase = iota
	phaseDNS
	phaseConnect
	phaseTLS
	phaseWait
	phaseBody
	phaseVerify
	phasePause // between two attempts
	phaseCount
)

func (p phase) String() string {
	return [phaseCount]string{"", "look up", "connect", "TLS handshake", "wait for the response", "read body", "check the image", "wait to try again"}[p]
}

// classify turns whatever a request ended with into an Error. It is the one
// place that knows other packages' errors, so that no other has to.
func classify(err error, at phase) *Error {
	if known, ok := errors.AsType[*Error](err); ok {
		return known
	}
	if wrapped, ok := errors.AsType[*url.Error](err); ok {
		err = wrapped.Err // without the URL: a result shows that anyway
	}
	if scarce(err) {
		return &Error{Class: ClassIO, Op: at.String(), Err: err}
	}
	class := classOf(err, at)
	if class == ClassProtocol && garbled(err) {
		return &Error{Class: class, Op: at.String(), Retry: RetryOnce, Err: fmt.Errorf("not an answer to this request: %w", err)}
	}
	if class == ClassProtocol && strings.HasPrefix(err.Error(), "failed to parse Location") {
		err = errors.New("redirected to what is no URL") // what the server sent may hold a password
		return &Error{Class: class, Op: at.String(), Retry: RetryNever, Err: err}
	}
	failure := &Error{Class: class, Op: at.String(), Err: err}
	if permanent(err) {
		failure.Retry = RetryNever
	}
	return failure
}

// garbled reports whether an answer has no response in it, or more than one: a
// middlebox or a mix-up may have sent it. It knows such errors of net/http by
// their text: they have no type.
func garbled(err error) bool {
	for _, text := range []string{"malformed HTTP response", "server gave HTTP response to HTTPS client", "more than declared Content-Length"} {
		if strings.Contains(err.Error(), text) {
			return true
		}
	}
	return false
}

func classOf(err error, at phase) Class {
	if _, ok := errors.AsType[*proxyError](err); ok {
		return ClassProxy
	}
	if dns, ok := errors.AsType[*net.DNSError](err); ok {
		if dns.IsNotFound {
			return ClassDNSNotFound
		}
		return ClassDNS
	}
	op, isOp := errors.AsType[*net.OpError](err)
	if timeout, ok := errors.AsType[net.Error](err); ok && timeout.Timeout() {
		return timeoutClass(at)
	}
	broken := errors.Is(err, syscall.ECONNRESET) || errors.Is(err, syscall.EPIPE)
	switch {
	case at == phaseTLS && broken:
		return ClassReset
	case certificateError(err):
		return ClassTLS
	case at == phaseTLS && garbled(err):
		return ClassProtocol
	case at == phaseTLS, isOp && (op.Op == "local error" || op.Op == "remote error"): // alerts
		return ClassTLS
	case isOp && op.Op == "dial", at == phaseConnect, at == phaseDNS:
		return ClassConnect
	case broken, errors.Is(err, net.ErrClosed):
		return ClassReset
	case errors.Is(err, io.ErrUnexpectedEOF):
		return ClassTruncated
	case errors.Is(err, io.EOF):
		return ClassEmptyReply
	}
	// What is left has no type to tell it by.
	text := err.Error()
	switch {
	case at == phaseBody && strings.Contains(text, "trailer"): // cut after the last chunk
		return ClassTruncated
	case strings.Contains(text, "stream error:"), strings.Contains(text, "client connection lost"),
		strings.Contains(text, "GOAWAY"), strings.Contains(text, "server closed idle connection"),
		strings.Contains(text, "client conn could not be established"):
		return ClassReset
	case strings.Contains(text, "tls: "): // a flood after the handshake
		return ClassTLS
	}
	return ClassProtocol
}

func timeoutClass(at phase) Class {
	switch at {
	case phaseDNS:
		return ClassDNS
	case phaseStart, phasePause, phaseConnect:
		return ClassTimeoutConnect
	case phaseTLS:
		return ClassTLS
	case phaseBody:
		return ClassStall
	default:
		return ClassTimeoutHeader
	}
}

// certificateError reports whether err is a certificate that will not do.
func certificateError(err error) bool {
	_, verification := errors.AsType[*tls.CertificateVerificationError](err)
	_, authority := errors.AsType[x509.UnknownAuthorityError](err)
	_, host := errors.AsType[x509.HostnameError](err)
	_, invalid := errors.AsType[x509.CertificateInvalidError](err)
	return verification || authority || host || invalid
}

// errComeBack is a Retry-After that is longer than grab waits.
type errComeBack struct {
	status statusError
	when   time.Time
}

func (e errComeBack) Error() string {
	return fmt.Sprintf("%v: the server asks to come back after %s", e.status, e.when.UTC().Format(time.RFC3339))
}

// permanent reports whether trying again cannot help, although the class of err
// usually is worth it.
func permanent(err error) bool {
	if refused, ok := errors.AsType[*proxyError](err); ok {
		if status, ok := errors.AsType[statusError](refused.err); ok && !status.transient() {
			return true
		}
	}
	return certificateError(err) || incompatible(err)
}

// incompatible reports whether client and server have no TLS in common. Alerts of
// crypto/tls (RFC 8446 section 6.2) have no type that can be told from outside.
func incompatible(err error) bool {
	for _, text := range []string{
		"remote error: tls: handshake failure", "remote error: tls: protocol version not supported",
		"remote error: tls: insufficient security level", "remote error: tls: unrecognized name",
		"remote error: tls: no application protocol", "tls: server sent certificate containing RSA key larger than",
	} {
		if err != nil && strings.Contains(err.Error(), text) {
			return true
		}
	}
	return false
}

// statusError is a response status that is no success.
type statusError int

func (s statusError) Error() string {
	if text := http.StatusText(int(s)); text != "" {
		return fmt.Sprintf("%d %s", int(s), text)
	}
	return fmt.Sprintf("status %d", int(s))
}

// transient reports whether the status is worth another request: RFC 9110
// section 15 and, for 520 to 524, what large caches send when their origin is
// away.
func (s statusError) transient() bool {
	switch s {
	case 408, 425, 429, 500, 502, 503, 504, 520, 521, 522, 523, 524:
		return true
	}
	return false
}
