package faults

import (
	"crypto/rsa"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"grab/testserver/authority"
	"grab/testserver/fault"
)

// TestCertificates compares what each fault of certificates shows in a host's first and second
// handshake with testdata/certificates.txt.
func TestCertificates(t *testing.T) {
	ca, err := authority.New()
	if err != nil {
		t.Fatal(err)
	}
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(ca.PEM())
	var got strings.Builder
	for _, f := range All() {
		if f.Conn == nil || f.Conn.Configure == nil {
			continue
		}
		var last string
		for nth := range 2 {
			h := &fault.Handshake{Hello: &tls.ClientHelloInfo{ServerName: "a.test"}, Authority: ca, Nth: nth, Config: &tls.Config{}}
			if err := f.Conn.Configure(h); err != nil {
				t.Errorf("%s: %v", f.Name, err)
			}
			if text := shownHandshake(t, h, roots); text != last {
				fmt.Fprintf(&got, "%s %d: %s\n", f.Name, nth, text)
				last = text
			}
		}
	}
	compare(t, "testdata/certificates.txt", got.String())
}

// shownHandshake returns what a client would see, as text.
func shownHandshake(t *testing.T, h *fault.Handshake, roots *x509.CertPool) string {
	t.Helper()
	text := fmt.Sprintf("TLS %x to %x, suites %x", h.Config.MinVersion, h.Config.MaxVersion, h.Config.CipherSuites)
	if len(h.Config.Certificates) == 0 {
		return text
	}
	chain := h.Config.Certificates[0].Certificate
	leaf, err := x509.ParseCertificate(chain[0])
	if err != nil {
		t.Fatal(err)
	}
	days := func(at time.Time) int { return int(math.Round(time.Until(at).Hours() / 24)) }
	text += fmt.Sprintf("; %d certificates, of %q for %d names, days %d to %d", len(chain), leaf.Subject.CommonName, len(leaf.DNSNames), days(leaf.NotBefore), days(leaf.NotAfter))
	if len(leaf.DNSNames) > 0 {
		text += ": " + leaf.DNSNames[0] + ".." + leaf.DNSNames[len(leaf.DNSNames)-1]
	}
	if key, ok := leaf.PublicKey.(*rsa.PublicKey); ok {
		text += fmt.Sprintf(", RSA of %d bits", key.N.BitLen())
	}
	_, err = leaf.Verify(x509.VerifyOptions{Roots: roots, DNSName: "a.test"})
	return fmt.Sprintf("%s; %T", text, err)
}
