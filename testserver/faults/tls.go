package faults

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"io"
	"math/big"
	"time"

	"grab/testserver/authority"
	"grab/testserver/fault"
)

const year = 365 * 24 * time.Hour

// certificateFaults are certificates and parameters of TLS that no client should
// accept, after the list of badssl.com.
func certificateFaults() []fault.Fault {
	row := func(id, name, about, expect string, configure func(*fault.Handshake) error) fault.Fault {
		return fault.Fault{
			ID: id, Name: name, About: about, Expect: expect, Over: fault.OverTLS,
			PerConnection: true,
			Conn:          &fault.Conn{Configure: configure},
		}
	}
	return []fault.Fault{
		row("A52", "a52-expired", "a certificate that has expired",
			"P:tls", dated(-2*year, -year)),
		row("A52", "a52-not-yet", "a certificate that is not valid yet",
			"P:tls", dated(year, 2*year)),
		row("A52", "a52-wrong-host", "a certificate for another host",
			"P:tls", named("wrong.example")),
		row("A52", "a52-no-name", "a certificate with the host in its subject only",
			"P:tls", named()),
		row("A52", "a52-self-signed", "a certificate that signs itself",
			"P:tls", selfSigned),
		row("A52", "a52-untrusted-root", "a certificate of an authority that nobody knows",
			"P:tls", untrusted),
		row("A52", "a52-incomplete-chain", "a certificate without the intermediate one that signed it",
			"P:tls", incomplete),
		row("A53", "a53-tls10", "TLS 1.0 only",
			"P:tls", onlyTLS10),
		row("A53", "a53-rc4", "RC4 only",
			"P:tls", suite(tls.TLS_ECDHE_ECDSA_WITH_RC4_128_SHA)),
		row("A53", "a53-3des", "3DES only",
			"P:tls", rsaSuite(tls.TLS_RSA_WITH_3DES_EDE_CBC_SHA)),
		row("A53", "a53-static-key", "a key exchange without forward secrecy only",
			"P:tls|ok", rsaSuite(tls.TLS_RSA_WITH_AES_128_GCM_SHA256)),
		row("A53", "a53-many-names", "a certificate of 10,000 names",
			"ok|P:tls", manyNames),
		row("A53", "a53-huge-key", "a certificate with an RSA key of 16,384 bits",
			"P:tls", hugeKey),
		row("A54", "a54-turns-bad", "a certificate that has expired, from a host's second connection on",
			"ok|P:tls", turnsBad),
	}
}

// show makes a certificate the only one of a handshake.
func show(h *fault.Handshake, key crypto.PrivateKey, chain ...[]byte) {
	h.Config.GetCertificate = nil
	h.Config.Certificates = []tls.Certificate{{Certificate: chain, PrivateKey: key}}
}

// sign shows a certificate of the authority for its usual key.
func sign(h *fault.Handshake, template *x509.Certificate) error {
	leaf := h.Authority.Leaf
	der, err := h.Authority.Sign(template, &leaf.PublicKey)
	show(h, leaf, der)
	return err
}

// dated shows a certificate that is valid between two times, relative to now.
func dated(from, to time.Duration) func(*fault.Handshake) error {
	return func(h *fault.Handshake) error {
		_, template := authority.Template(h.Hello)
		template.NotBefore, template.NotAfter = time.Now().Add(from), time.Now().Add(to)
		return sign(h, template)
	}
}

// turnsBad shows a good certificate to a host's first connection only.
func turnsBad(h *fault.Handshake) error {
	if h.Nth == 0 {
		return nil
	}
	return dated(-2*year, -year)(h)
}

// named shows a certificate for other names. Without names, only the subject names
// the host.
func named(names ...string) func(*fault.Handshake) error {
	return func(h *fault.Handshake) error {
		name, template := authority.Template(h.Hello)
		template.Subject.CommonName = name
		template.DNSNames, template.IPAddresses = names, nil
		return sign(h, template)
	}
}

func selfSigned(h *fault.Handshake) error {
	_, template := authority.Template(h.Hello)
	key := h.Authority.Leaf
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	show(h, key, der)
	return err
}

func untrusted(h *fault.Handshake) error {
	other, err := authority.New()
	if err != nil {
		return err
	}
	cert, err := other.Certificate(h.Hello)
	if err == nil {
		show(h, cert.PrivateKey, cert.Certificate...)
	}
	return err
}

func incomplete(h *fault.Handshake) error {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return err
	}
	between := authority.NewTemplate("grab testserver intermediate")
	between.IsCA, between.BasicConstraintsValid = true, true
	between.KeyUsage = x509.KeyUsageCertSign
	if _, err := h.Authority.Sign(between, &key.PublicKey); err != nil {
		return err
	}
	_, template := authority.Template(h.Hello)
	leaf := h.Authority.Leaf
	der, err := x509.CreateCertificate(rand.Reader, template, between, &leaf.PublicKey, key)
	show(h, leaf, der)
	return err
}

func onlyTLS10(h *fault.Handshake) error {
	h.Config.MinVersion, h.Config.MaxVersion = tls.VersionTLS10, tls.VersionTLS10
	return nil
}

// suite allows a single cipher suite of TLS 1.2.
func suite(id uint16) func(*fault.Handshake) error {
	return func(h *fault.Handshake) error {
		h.Config.MaxVersion = tls.VersionTLS12
		h.Config.CipherSuites = []uint16{id}
		return nil
	}
}

// rsaSuite does the same for a suite that needs an RSA key.
func rsaSuite(id uint16) func(*fault.Handshake) error {
	return func(h *fault.Handshake) error {
		key, err := h.Authority.RSA()
		if err != nil {
			return err
		}
		_, template := authority.Template(h.Hello)
		template.KeyUsage |= x509.KeyUsageKeyEncipherment
		der, err := h.Authority.Sign(template, &key.PublicKey)
		if err != nil {
			return err
		}
		show(h, key, der)
		return suite(id)(h)
	}
}

func manyNames(h *fault.Handshake) error {
	_, template := authority.Template(h.Hello)
	for i := range 10_000 {
		template.DNSNames = append(template.DNSNames, fmt.Sprintf("n%d.test", i))
	}
	return sign(h, template)
}

// hugeKey shows a key that is slow to verify with (CVE-2023-29409). Nobody has its
// private part.
func hugeKey(h *fault.Handshake) error {
	n := new(big.Int).Lsh(big.NewInt(1), 16_383)
	key := &rsa.PublicKey{N: n.Add(n, big.NewInt(12345)), E: 65_537}
	_, template := authority.Template(h.Hello)
	der, err := h.Authority.Sign(template, key)
	show(h, pretender{key}, der)
	return err
}

// pretender signs without a private key: its signatures are zeros.
type pretender struct{ key *rsa.PublicKey }

func (p pretender) Public() crypto.PublicKey { return p.key }

func (p pretender) Sign(io.Reader, []byte, crypto.SignerOpts) ([]byte, error) {
	return make([]byte, p.key.Size()), nil
}
