package cause

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/url"
	"strings"
	"syscall"

	"grab/downloader"
	"grab/downloader/internal/names"
	"grab/downloader/live"
)

// Classify turns the error that a request ended with into an Error. No other place
// needs to know the errors of other packages.
func Classify(err error, at live.Phase) *downloader.Error {
	if known, ok := errors.AsType[*downloader.Error](err); ok {
		return known
	}
	if wrapped, ok := errors.AsType[*url.Error](err); ok {
		err = wrapped.Err // without the URL, which a result shows anyway
	}
	if IsShortage(err) {
		return &downloader.Error{Class: downloader.ClassIO, Op: at.String(), Err: err}
	}
	class := classOf(err, at)
	if class == downloader.ClassProtocol && garbled(err) {
		return &downloader.Error{Class: class, Op: at.String(), Retry: downloader.RetryOnce,
			Err: fmt.Errorf("not an answer to this request: %w", err)}
	}
	if Surplus(err) {
		return &downloader.Error{Class: class, Op: at.String(), Retry: downloader.RetryBudget, Err: err}
	}
	if class == downloader.ClassProtocol && strings.HasPrefix(err.Error(), "failed to parse Location") {
		err = errors.New("redirected to something that is not a URL") // and may hold a password
		return &downloader.Error{Class: class, Op: at.String(), Retry: downloader.RetryNever, Err: err}
	}
	shown := err
	if class != downloader.ClassProxy { // those name the proxy, and are plain after that
		shown = plain(err)
	}
	failure := &downloader.Error{Class: class, Op: opOf(shown, at.String()), Err: shown}
	if permanent(err) {
		failure.Retry = downloader.RetryNever
	}
	return failure
}

// garbled reports whether the server sent something other than one response. A
// middlebox may have sent it, or the server may have mixed up two answers. Such
// errors of net/http have no type, so garbled recognises their text.
func garbled(err error) bool {
	for _, text := range []string{"malformed HTTP response", "server gave HTTP response to HTTPS client", "more than declared Content-Length"} {
		if strings.Contains(err.Error(), text) {
			return true
		}
	}
	return false
}

func classOf(err error, at live.Phase) downloader.Class {
	if _, ok := errors.AsType[*ProxyError](err); ok {
		return downloader.ClassProxy
	}
	if _, ok := errors.AsType[*names.FamilyError](err); ok {
		return downloader.ClassPolicy
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
	// The other errors have no type.
	text := err.Error()
	switch {
	case at == live.PhaseBody && strings.Contains(text, "trailer"): // cut off after the last chunk
		return downloader.ClassTruncated
	case strings.Contains(text, "stream error:"), strings.Contains(text, "client connection lost"),
		strings.Contains(text, "GOAWAY"), strings.Contains(text, "server closed idle connection"),
		strings.Contains(text, "client conn could not be established"):
		return downloader.ClassReset
	case strings.Contains(text, "tls: "): // a flood of records after the handshake
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

// certificateError reports whether err is about a certificate that is not accepted.
func certificateError(err error) bool {
	_, verification := errors.AsType[*tls.CertificateVerificationError](err)
	_, authority := errors.AsType[x509.UnknownAuthorityError](err)
	_, host := errors.AsType[x509.HostnameError](err)
	_, invalid := errors.AsType[x509.CertificateInvalidError](err)
	return verification || authority || host || invalid
}

// permanent reports whether another attempt cannot help, although it can for most
// errors of the class.
func permanent(err error) bool {
	if refused, ok := errors.AsType[*ProxyError](err); ok {
		if status, ok := errors.AsType[StatusError](refused.Err); ok && !status.Transient() {
			return true
		}
	}
	return certificateError(err) || incompatible(err)
}

// incompatible reports whether client and server cannot agree on a version, a cipher or
// a certificate, which no other attempt changes. crypto/tls does not export the type of
// an alert (RFC 8446 section 6.2), so incompatible recognises the texts of its errors.
func incompatible(err error) bool {
	for _, text := range []string{
		"remote error: tls: handshake failure", "remote error: tls: protocol version not supported",
		"remote error: tls: insufficient security level", "remote error: tls: unrecognized name",
		"remote error: tls: no application protocol", "remote error: tls: certificate required",
		"remote error: tls: bad certificate", "remote error: tls: unknown certificate authority",
		"tls: server selected unsupported protocol version", "tls: server chose an unconfigured cipher suite",
		"tls: failed to parse certificate from server", "tls: server sent certificate containing RSA key larger than",
		"tls: server's certificate contains an unsupported type of public key", "-bit keys are insecure",
	} {
		if err != nil && strings.Contains(err.Error(), text) {
			return true
		}
	}
	return false
}
