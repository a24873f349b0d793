// Package authority is a certificate authority for any host name.
package authority

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"net"
	"strings"
	"sync"
	"time"
)

const (
	// maxCertificates bounds the certificates in memory. When it is reached,
	// the authority forgets them all and signs new ones.
	maxCertificates = 4096

	certificateLife = 365 * 24 * time.Hour
)

// Authority signs a certificate for any name that a client asks for. Its key is
// made by New and exists in memory only. It is safe for concurrent use.
type Authority struct {
	// Leaf is the key of every certificate from Certificate.
	Leaf *ecdsa.PrivateKey

	// RSA returns the key for certificates that need one of RSA. It is made
	// on the first call.
	RSA func() (*rsa.PrivateKey, error)

	pem  []byte
	cert *x509.Certificate
	key  *ecdsa.PrivateKey

	mu     sync.Mutex
	issued map[string]*tls.Certificate
}

// New returns an authority with a new key.
func New() (*Authority, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, fmt.Errorf("testserver: authority: %w", err)
	}
	leaf, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, fmt.Errorf("testserver: authority: %w", err)
	}
	template := NewTemplate("grab testserver authority")
	template.IsCA = true
	template.BasicConstraintsValid = true
	template.KeyUsage = x509.KeyUsageCertSign
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		return nil, fmt.Errorf("testserver: authority: %w", err)
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		return nil, fmt.Errorf("testserver: authority: %w", err)
	}
	return &Authority{
		Leaf: leaf,
		pem:  pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}),
		cert: cert,
		key:  key,
		RSA: sync.OnceValues(func() (*rsa.PrivateKey, error) {
			return rsa.GenerateKey(rand.Reader, 2048)
		}),
		issued: make(map[string]*tls.Certificate),
	}, nil
}

// PEM returns the authority's own certificate. The copy is the caller's.
func (a *Authority) PEM() []byte {
	return append([]byte(nil), a.pem...)
}

// Certificate returns a certificate for the name that the client asks for. A
// client that connects to an address sends no name, and gets one for the address.
func (a *Authority) Certificate(hello *tls.ClientHelloInfo) (*tls.Certificate, error) {
	return a.issue(Template(hello))
}

// Sign returns a certificate for a public key, in DER.
func (a *Authority) Sign(template *x509.Certificate, public any) ([]byte, error) {
	return x509.CreateCertificate(rand.Reader, template, a.cert, public, a.key)
}

// Template returns the name that a client asks for, and a certificate for that
// name, not signed yet.
func Template(hello *tls.ClientHelloInfo) (string, *x509.Certificate) {
	name := strings.ToLower(hello.ServerName)
	template := NewTemplate("grab testserver")
	if name == "" {
		template.DNSNames = []string{"localhost"}
		template.IPAddresses = []net.IP{net.IPv4(127, 0, 0, 1), net.IPv6loopback}
		if local, ok := hello.Conn.LocalAddr().(*net.TCPAddr); ok {
			name = local.IP.String() // no server name is an address
			template.IPAddresses = append(template.IPAddresses, local.IP)
		}
	} else {
		template.DNSNames = []string{name}
	}
	template.KeyUsage = x509.KeyUsageDigitalSignature
	template.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}
	return name, template
}

func (a *Authority) issue(name string, template *x509.Certificate) (*tls.Certificate, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if cert, ok := a.issued[name]; ok {
		return cert, nil
	}
	der, err := a.Sign(template, &a.Leaf.PublicKey)
	if err != nil {
		return nil, fmt.Errorf("testserver: certificate for %q: %w", name, err)
	}
	if len(a.issued) >= maxCertificates {
		clear(a.issued)
	}
	cert := &tls.Certificate{Certificate: [][]byte{der}, PrivateKey: a.Leaf}
	a.issued[name] = cert
	return cert, nil
}

// NewTemplate returns a certificate with a common name, not signed yet. It is
// valid since an hour ago, for clients whose clock is slow. Signing chooses the
// serial number.
func NewTemplate(name string) *x509.Certificate {
	now := time.Now()
	return &x509.Certificate{
		Subject:   pkix.Name{CommonName: name},
		NotBefore: now.Add(-time.Hour),
		NotAfter:  now.Add(certificateLife),
	}
}
