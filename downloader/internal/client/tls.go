package client

import (
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"strings"

	"grab/downloader"
)

// tlsConfig returns the settings of TLS.
func tlsConfig(o *downloader.Options) *tls.Config {
	c := &tls.Config{
		ClientSessionCache: tls.NewLRUClientSessionCache(4096),
		InsecureSkipVerify: o.Insecure,
		MinVersion:         o.TLSMin,
		// Servers of TLS 1.2 ask for a client's certificate only once they know the
		// path (RFC 5746). Browsers follow them too. Without a certificate, such servers
		// often answer all the same.
		Renegotiation: tls.RenegotiateOnceAsClient,
	}
	switch {
	case len(o.RootCAs) > 0:
		c.RootCAs = x509.NewCertPool()
		c.RootCAs.AppendCertsFromPEM(o.RootCAs)
	case len(o.CAs) > 0:
		system, err := x509.SystemCertPool()
		if err != nil {
			system = x509.NewCertPool()
		}
		c.RootCAs = system
		c.RootCAs.AppendCertsFromPEM(o.CAs)
	}
	if len(o.ClientCert) > 0 {
		if pair, err := tls.X509KeyPair(o.ClientCert, o.ClientKey); err == nil { // Validate refuses others
			c.Certificates = []tls.Certificate{pair}
		}
	}
	if o.TLSLegacy {
		c.CipherSuites = legacySuites()
	}
	return c
}

// legacySuites returns all cipher suites but those with RC4, which RFC 7465 forbids. The
// key exchange of some has no forward secrecy. crypto/tls still prefers the others.
func legacySuites() []uint16 {
	var ids []uint16
	for _, s := range append(tls.CipherSuites(), tls.InsecureCipherSuites()...) {
		if !strings.Contains(s.Name, "RC4") {
			ids = append(ids, s.ID)
		}
	}
	return ids
}

// explainTLS adds to the error of a handshake what the user can do about it. crypto/tls
// does not export its errors, so explainTLS recognises their texts.
func explainTLS(err error, o *downloader.Options) error {
	text := err.Error()
	is := func(parts ...string) bool {
		for _, part := range parts {
			if strings.Contains(text, part) {
				return true
			}
		}
		return false
	}
	hint := ""
	switch {
	case is("remote error: tls: certificate required", "remote error: tls: bad certificate") && len(o.ClientCert) == 0:
		hint = "the server asks for a client's certificate: see -cert"
	case is("remote error: tls: protocol version not supported", "server selected unsupported protocol version 30") && o.TLSMin != tls.VersionTLS10:
		hint = "the server has an old version of TLS only: -tls-min 1.0 allows it"
	case is("remote error: tls: handshake failure", "remote error: tls: insufficient security level") && !o.TLSLegacy:
		hint = "the server may have old ciphers only, which -tls-legacy allows"
	case is("remote error: tls: handshake failure") && o.TLSLegacy:
		hint = "the server may have ciphers only that grab lacks, such as Diffie-Hellman without elliptic curves"
	default:
		return err
	}
	return fmt.Errorf("%w (%s)", err, hint)
}
