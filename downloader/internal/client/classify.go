package client

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

	"grab/downloader"
	"grab/downloader/live"
)

// classify turns whatever a request ended with into an Error. It is the one
// place that knows other packages' errors, so that no other has to.
func Classify(err error, at live.Phase) *downloader.Error {
	if known, ok := errors.AsType[*downloader.Error](err); ok {
		return known
	}
	if wrapped, ok := errors.AsType[*url.Error](err); ok {
		err = wrapped.Err // without the URL: a result shows that anyway
	}
	if Scarce(err) {
		return &downloader.Error{Class: downloader.ClassIO, Op: at.String(), Err: err}
	}
	class := classOf(err, at)
	if class == downloader.ClassProtocol && garbled(err) {
		return &downloader.Error{Class: class, Op: at.String(), Retry: downloader.RetryOnce, Err: fmt.Errorf("not an answer to this request: %w", err)}
	}
	if class == downloader.ClassProtocol && strings.HasPrefix(err.Error(), "failed to parse Location") {
		err = errors.New("redirected to what is no URL") // what the server sent may hold a password
		return &downloader.Error{Class: class, Op: at.String(), Retry: downloader.RetryNever, Err: err}
	}
	failure := &downloader.Error{Class: class, Op: at.String(), Err: err}
	if permanent(err) {
		failure.Retry = downloader.RetryNever
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

func classOf(err error, at live.Phase) downloader.Class {
	if _, ok := errors.AsType[*proxyError](err); ok {
		return downloader.ClassProxy
	}
	if dns, ok := errors.AsType[*net.DNSError](err); ok {
		if dns.IsNotFound {
			return downloader.ClassDNSNotFound
		}
		return downloader.ClassDNS
	}
	op, isOp := errors.AsType[*net.OpError](err)
	if timeout, ok := errors.AsType[net.Error](err); ok && timeout.Timeout() {
		return timeoutClass(at)
	}
	broken := errors.Is(err, syscall.ECONNRESET) || errors.Is(err, syscall.EPIPE)
	switch {
	case at == live.PhaseTLS && broken:
		return downloader.ClassReset
	case certificateError(err):
		return downloader.ClassTLS
	case at == live.PhaseTLS && garbled(err):
		return downloader.ClassProtocol
	case at == live.PhaseTLS, isOp && (op.Op == "local error" || op.Op == "remote error"): // alerts
		return downloader.ClassTLS
	case isOp && op.Op == "dial", at == live.PhaseConnect, at == live.PhaseDNS:
		return downloader.ClassConnect
	case broken, errors.Is(err, net.ErrClosed):
		return downloader.ClassReset
	case errors.Is(err, io.ErrUnexpectedEOF):
		return downloader.ClassTruncated
	case errors.Is(err, io.EOF):
		return downloader.ClassEmptyReply
	}
	// What is left has no type to tell it by.
	text := err.Error()
	switch {
	case at == live.PhaseBody && strings.Contains(text, "trailer"): // cut after the last chunk
		return downloader.ClassTruncated
	case strings.Contains(text, "stream error:"), strings.Contains(text, "client connection lost"),
		strings.Contains(text, "GOAWAY"), strings.Contains(text, "server closed idle connection"),
		strings.Contains(text, "client conn could not be established"):
		return downloader.ClassReset
	case strings.Contains(text, "tls: "): // a flood after the handshake
		return downloader.ClassTLS
	}
	return downloader.ClassProtocol
}

func timeoutClass(at live.Phase) downloader.Class {
	switch at {
	case live.PhaseDNS:
		return downloader.ClassDNS
	case live.PhaseStart, live.PhasePause, live.PhaseConnect:
		return downloader.ClassTimeoutConnect
	case live.PhaseTLS:
		return downloader.ClassTLS
	case live.PhaseBody:
		return downloader.ClassStall
	default:
		return downloader.ClassTimeoutHeader
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
type ComeBackError struct {
	Status StatusError
	When   time.Time
}

func (e ComeBackError) Error() string {
	return fmt.Sprintf("%v: the server asks to come back after %s", e.Status, e.When.UTC().Format(time.RFC3339))
}

// permanent reports whether trying again cannot help, although the class of err
// usually is worth it.
func permanent(err error) bool {
	if refused, ok := errors.AsType[*proxyError](err); ok {
		if status, ok := errors.AsType[StatusError](refused.err); ok && !status.Transient() {
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
type StatusError int

func (s StatusError) Error() string {
	if text := http.StatusText(int(s)); text != "" {
		return fmt.Sprintf("%d %s", int(s), text)
	}
	return fmt.Sprintf("status %d", int(s))
}

// transient reports whether the status is worth another request: RFC 9110
// section 15 and, for 520 to 524, what large caches send when their origin is
// away.
func (s StatusError) Transient() bool {
	switch s {
	case 408, 425, 429, 500, 502, 503, 504, 520, 521, 522, 523, 524:
		return true
	}
	return false
}

// scarce reports whether err says that this process or system has no more open
// files or local ports to give: nobody's fault but this machine's, and over when
// others are done.
func Scarce(err error) bool {
	if errors.Is(err, ErrNoPort) {
		return true
	}
	for _, limit := range []error{syscall.EMFILE, syscall.ENFILE} {
		if errors.Is(err, limit) {
			return true
		}
		if dns, ok := errors.AsType[*net.DNSError](err); ok && strings.Contains(dns.Err, limit.Error()) {
			return true // it has only the words
		}
	}
	return false
}
