package testserver

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
)

const year = 365 * 24 * time.Hour

// certificateFaults are certificates and parameters of TLS that nobody should
// accept, after the list of badssl.com.
func certificateFaults() []Fault {
	configured := func(id, name, about, expect string, config func(*handshake) error) Fault {
		return Fault{ID: id, Name: name, About: about, Expect: expect, Over: overTLS, PerConnection: true, link: &link{config: config}}
	}
	return []Fault{
		configured("A52", "a52-expired", "a certificate that has expired", "P:tls", dated(-2*year, -year)),
		configured("A52", "a52-not-yet", "a certificate that is not valid yet", "P:tls", dated(year, 2*year)),
		configured("A52", "a52-wrong-host", "a certificate for another host", "P:tls", named("wrong.example")),
		configured("A52", "a52-no-name", "a certificate with the host in its subject only", "P:tls", named()),
		configured("A52", "a52-self-signed", "a certificate that signs itself", "P:tls", selfSigned),
		configured("A52", "a52-untrusted-root", "a certificate of an authority that nobody knows", "P:tls", untrusted),
		configured("A52", "a52-incomplete-chain", "a certificate without the intermediate one that signed it", "P:tls", incomplete),
		configured("A53", "a53-tls10", "TLS 1.0 only", "P:tls", func(h *handshake) error {
			h.config.MinVersion, h.config.MaxVersion = tls.VersionTLS10, tls.VersionTLS10
			return nil
		}),
		configured("A53", "a53-rc4", "RC4 only", "P:tls", suite(tls.TLS_ECDHE_ECDSA_WITH_RC4_128_SHA)),
		configured("A53", "a53-3des", "3DES only", "P:tls", rsaSuite(tls.TLS_RSA_WITH_3DES_EDE_CBC_SHA)),
		configured("A53", "a53-static-key", "a key exchange without forward secrecy only", "P:tls|ok", rsaSuite(tls.TLS_RSA_WITH_AES_128_GCM_SHA256)),
		configured("A53", "a53-many-names", "a certificate of 10,000 names", "ok|P:tls", manyNames),
		configured("A53", "a53-huge-key", "a certificate with an RSA key of 16,384 bits", "P:tls", hugeKey),
		configured("A54", "a54-turns-bad", "a certificate that has expired, from a host's second connection on", "ok|P:tls", func(h *handshake) error {
			if h.nth == 0 {
				return nil
			}
			return dated(-2*year, -year)(h)
		}),
	}
}

// show makes a certificate the only one of a handshake.
func (h *handshake) show(key crypto.PrivateKey, chain ...[]byte) {
	h.config.GetCertificate = nil
	h.config.Certificates = []tls.Certificate{{Certificate: chain, PrivateKey: key}}
}

// sign shows a certificate of the authority for its usual key.
func (h *handshake) sign(template *x509.Certificate) error {
	a := h.authority
	der, err := x509.CreateCertificate(rand.Reader, template, a.cert, &a.leaf.PublicKey, a.key)
	h.show(a.leaf, der)
	return err
}

// dated shows a certificate that is valid between two times from now.
func dated(from, to time.Duration) func(*handshake) error {
	return func(h *handshake) error {
		_, template := request(h.hello)
		template.NotBefore, template.NotAfter = time.Now().Add(from), time.Now().Add(to)
		return h.sign(template)
	}
}

// named shows a certificate for other names, or for none but its subject's.
func named(names ...string) func(*handshake) error {
	return func(h *handshake) error {
		name, template := request(h.hello)
		template.Subject.CommonName = name
		template.DNSNames, template.IPAddresses = names, nil
		return h.sign(template)
	}
}

func selfSigned(h *handshake) error {
	_, template := request(h.hello)
	key := h.authority.leaf
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	h.show(key, der)
	return err
}

func untrusted(h *handshake) error {
	other, err := newAuthority()
	if err != nil {
		return err
	}
	cert, err := other.certificate(h.hello)
	if err == nil {
		h.show(cert.PrivateKey, cert.Certificate...)
	}
	return err
}

func incomplete(h *handshake) error {
	a := h.authority
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return err
	}
	between := newTemplate("grab testserver intermediate")
	between.IsCA, between.BasicConstraintsValid, between.KeyUsage = true, true, x509.KeyUsageCertSign
	if _, err := x509.CreateCertificate(rand.Reader, between, a.cert, &key.PublicKey, a.key); err != nil {
		return err
	}
	_, template := request(h.hello)
	der, err := x509.CreateCertificate(rand.Reader, template, between, &a.leaf.PublicKey, key)
	h.show(a.leaf, der)
	return err
}

// suite allows one cipher suite of TLS 1.2.
func suite(id uint16) func(*handshake) error {
	return func(h *handshake) error {
		h.config.MaxVersion = tls.VersionTLS12
		h.config.CipherSuites = []uint16{id}
		return nil
	}
}

// rsaSuite does the same for a suite that needs a key of RSA.
func rsaSuite(id uint16) func(*handshake) error {
	return func(h *handshake) error {
		a := h.authority
		key, err := a.rsa()
		if err != nil {
			return err
		}
		_, template := request(h.hello)
		template.KeyUsage |= x509.KeyUsageKeyEncipherment
		der, err := x509.CreateCertificate(rand.Reader, template, a.cert, &key.PublicKey, a.key)
		if err != nil {
			return err
		}
		h.show(key, der)
		return suite(id)(h)
	}
}

func manyNames(h *handshake) error {
	_, template := request(h.hello)
	for i := range 10_000 {
		template.DNSNames = append(template.DNSNames, fmt.Sprintf("n%d.test", i))
	}
	return h.sign(template)
}

// hugeKey shows a key that takes long to verify with (CVE-2023-29409). Nobody
// has its private part.
func hugeKey(h *handshake) error {
	a := h.authority
	n := new(big.Int).Lsh(big.NewInt(1), 16_383)
	key := &rsa.PublicKey{N: n.Add(n, big.NewInt(12345)), E: 65_537}
	_, template := request(h.hello)
	der, err := x509.CreateCertificate(rand.Reader, template, a.cert, key, a.key)
	h.show(pretender{key}, der)
	return err
}

// pretender signs without a private key.
type pretender struct{ key *rsa.PublicKey }

func (p pretender) Public() crypto.PublicKey { return p.key }

func (p pretender) Sign(io.Reader, []byte, crypto.SignerOpts) ([]byte, error) {
	return make([]byte, p.key.Size()), nil
}
