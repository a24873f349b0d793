package testserver

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
	// maxCertificates bounds the certificates kept; beyond it, the authority
	// starts over with none.
	maxCertificates = 4096

	certificateLife = 365 * 24 * time.Hour
)

// authority signs a certificate for any name that a client asks for. Its key
// is made with it and kept nowhere else.
type authority struct {
	pem  []byte
	cert *x509.Certificate
	key  *ecdsa.PrivateKey
	leaf *ecdsa.PrivateKey               // of every certificate it signs
	rsa  func() (*rsa.PrivateKey, error) // of those that must have such a key; made on the first call

	mu     sync.Mutex
	issued map[string]*tls.Certificate
}

func newAuthority() (*authority, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, fmt.Errorf("testserver: authority: %w", err)
	}
	leaf, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, fmt.Errorf("testserver: authority: %w", err)
	}
	template := newTemplate("grab testserver authority")
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
	return &authority{
		pem:    pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}),
		cert:   cert,
		key:    key,
		leaf:   leaf,
		rsa:    sync.OnceValues(func() (*rsa.PrivateKey, error) { return rsa.GenerateKey(rand.Reader, 2048) }),
		issued: make(map[string]*tls.Certificate),
	}, nil
}

// certificate returns one for the name that the client asks for. A client
// that connects to an address asks for none; it gets one for the address.
func (a *authority) certificate(hello *tls.ClientHelloInfo) (*tls.Certificate, error) {
	return a.issue(request(hello))
}

// request returns what a certificate for a client has to say, and the name
// that it is for.
func request(hello *tls.ClientHelloInfo) (string, *x509.Certificate) {
	name := strings.ToLower(hello.ServerName)
	template := newTemplate("grab testserver")
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

func (a *authority) issue(name string, template *x509.Certificate) (*tls.Certificate, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if cert, ok := a.issued[name]; ok {
		return cert, nil
	}
	der, err := x509.CreateCertificate(rand.Reader, template, a.cert, &a.leaf.PublicKey, a.key)
	if err != nil {
		return nil, fmt.Errorf("testserver: certificate for %q: %w", name, err)
	}
	if len(a.issued) >= maxCertificates {
		clear(a.issued)
	}
	cert := &tls.Certificate{Certificate: [][]byte{der}, PrivateKey: a.leaf}
	a.issued[name] = cert
	return cert, nil
}

// newTemplate returns a certificate that is valid from an hour ago, for
// clients whose clock is slow. Signing chooses the serial number.
func newTemplate(name string) *x509.Certificate {
	now := time.Now()
	return &x509.Certificate{
		Subject:   pkix.Name{CommonName: name},
		NotBefore: now.Add(-time.Hour),
		NotAfter:  now.Add(certificateLife),
	}
}
