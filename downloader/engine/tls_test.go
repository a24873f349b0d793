package engine_test

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"io"
	"math/big"
	"net"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	. "grab/downloader"
)

// identity returns the PEM of a certificate for 127.0.0.1 that signs itself, and of its
// key.
func identity(t *testing.T, algorithm string) (cert, key []byte) {
	t.Helper()
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "test"}, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IsCA: true, BasicConstraintsValid: true,
	}
	var private, public any
	if algorithm == "RSA" {
		k, err := rsa.GenerateKey(rand.Reader, 2048)
		if err != nil {
			t.Fatal(err)
		}
		private, public = k, &k.PublicKey
	} else {
		k, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
		if err != nil {
			t.Fatal(err)
		}
		private, public = k, &k.PublicKey
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, public, private)
	if err != nil {
		t.Fatal(err)
	}
	k, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		t.Fatal(err)
	}
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: k})
}

// serveTLS serves a picture over TLS. It gives each connection to admit first, if that is
// not nil; the connection is over if admit returns nil.
func serveTLS(t *testing.T, config *tls.Config, admit func(net.Conn) net.Conn) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	server := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.Write(picture) })}
	conns := make(chan net.Conn)
	inner := &feed{Listener: l, conns: conns}
	var running sync.WaitGroup
	running.Go(func() { server.Serve(tls.NewListener(inner, config)) })
	running.Go(func() {
		defer close(conns)
		var admitting sync.WaitGroup
		defer admitting.Wait()
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			admitting.Go(func() {
				if admit != nil {
					c = admit(c)
				}
				if c != nil {
					conns <- c
				}
			})
		}
	})
	t.Cleanup(func() { l.Close(); server.Close(); running.Wait() })
	return "https://" + l.Addr().String()
}

// feed is a listener whose connections come from a channel.
type feed struct {
	net.Listener
	conns <-chan net.Conn
}

func (f *feed) Accept() (net.Conn, error) {
	c, ok := <-f.conns
	if !ok {
		return nil, net.ErrClosed
	}
	return c, nil
}

func pair(t *testing.T, cert, key []byte) []tls.Certificate {
	t.Helper()
	p, err := tls.X509KeyPair(cert, key)
	if err != nil {
		t.Fatal(err)
	}
	return []tls.Certificate{p}
}

// TestOldTLS has servers that Go does not accept by default (RFC 8996 deprecates TLS
// 1.0 and 1.1). The error says which option helps, and the option helps.
func TestOldTLS(t *testing.T) {
	ec, ecKey := identity(t, "EC")
	old, oldKey := identity(t, "RSA")
	suites := func(ids ...uint16) *tls.Config {
		return &tls.Config{Certificates: pair(t, old, oldKey), MaxVersion: tls.VersionTLS12, CipherSuites: ids}
	}
	never := func(*Options) {}
	legacy := func(o *Options) { o.TLSLegacy = true }
	for name, tt := range map[string]struct {
		config *tls.Config
		hint   string
		help   func(*Options)
		class  Class // with help
	}{
		"TLS 1.0": {&tls.Config{Certificates: pair(t, ec, ecKey), MinVersion: tls.VersionTLS10, MaxVersion: tls.VersionTLS10}, "-tls-min 1.0",
			func(o *Options) { o.TLSMin = tls.VersionTLS10 }, ""},
		"TLS 1.1": {&tls.Config{Certificates: pair(t, ec, ecKey), MinVersion: tls.VersionTLS10, MaxVersion: tls.VersionTLS11}, "-tls-min 1.0",
			func(o *Options) { o.TLSMin = tls.VersionTLS11 }, ""},
		"RSA key exchange": {suites(tls.TLS_RSA_WITH_AES_128_CBC_SHA), "-tls-legacy", legacy, ""},
		"3DES":             {suites(tls.TLS_RSA_WITH_3DES_EDE_CBC_SHA), "-tls-legacy", legacy, ""},
		"RC4":              {suites(tls.TLS_RSA_WITH_RC4_128_SHA), "-tls-legacy", legacy, ClassTLS},
		"a client's certificate": {&tls.Config{Certificates: pair(t, ec, ecKey), ClientAuth: tls.RequireAnyClientCert}, "-cert",
			func(o *Options) { o.ClientCert, o.ClientKey = ec, ecKey }, ""},
		"an authority":           {&tls.Config{Certificates: pair(t, ec, ecKey)}, "", nil, ""},
		"no certificate":         {&tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{[]byte("no")}, PrivateKey: pair(t, ec, ecKey)[0].PrivateKey}}}, "failed to parse", never, ClassTLS},
		"too small for -tls-min": {&tls.Config{Certificates: pair(t, ec, ecKey), MaxVersion: tls.VersionTLS12}, "", func(o *Options) { o.TLSMin = tls.VersionTLS13 }, ClassTLS},
	} {
		t.Run(name, func(t *testing.T) {
			eachMode(t, func(t *testing.T, opts Options) {
				url := serveTLS(t, tt.config, nil)
				opts.CAs = append(ec[:len(ec):len(ec)], old...)
				if tt.hint != "" {
					r := fetch(t, opts, url+"/1").results[0]
					expect(t, r, StatusFailed, ClassTLS, 1)
					if !strings.Contains(r.Error, tt.hint) {
						t.Errorf("%q does not say %q", r.Error, tt.hint)
					}
				}
				if tt.help != nil {
					tt.help(&opts)
				}
				status := StatusOK
				if tt.class != "" {
					status = StatusFailed
				}
				opts.Dir += "2"
				expect(t, fetch(t, opts, url+"/1").results[0], status, tt.class, 1)
			})
		})
	}
}

// TestAuthorities trusts an authority that the system does not know.
func TestAuthorities(t *testing.T) {
	cert, key := identity(t, "EC")
	other, _ := identity(t, "EC")
	eachMode(t, func(t *testing.T, opts Options) {
		url := serveTLS(t, &tls.Config{Certificates: pair(t, cert, key)}, nil)
		for i, authorities := range [][]byte{nil, other} {
			opts.CAs = authorities
			expect(t, fetch(t, opts, url+"/"+string(rune('0'+i))).results[0], StatusFailed, ClassTLS, 1)
		}
		opts.CAs = append(other[:len(other):len(other)], cert...)
		expect(t, fetch(t, opts, url+"/2").results[0], StatusOK, "", 1)
	})
}

// TestNegativeSerial has a certificate with a negative serial number, as cameras and
// printers make them. It is judged by its chain and name (RFC 5280 section 4.1.2.2).
func TestNegativeSerial(t *testing.T) {
	both, err := os.ReadFile("testdata/negative-serial.pem")
	if err != nil {
		t.Fatal(err)
	}
	eachMode(t, func(t *testing.T, opts Options) {
		url := serveTLS(t, &tls.Config{Certificates: pair(t, both, both)}, nil)
		r := fetch(t, opts, url+"/1").results[0]
		expect(t, r, StatusFailed, ClassTLS, 1)
		if !strings.Contains(r.Error, "unknown authority") {
			t.Error(r.Error)
		}
		trusting := opts
		trusting.CAs = both
		expect(t, fetch(t, trusting, url+"/2").results[0], StatusOK, "", 1)
		opts.Insecure = true
		expect(t, fetch(t, opts, url+"/3").results[0], StatusOK, "", 1)
	})
}

// TestLargeClientHello has a middlebox that takes a ClientHello for one packet: a longer
// one is dropped, or resets the connection. The image is there after one attempt, and no
// host gets more than one large ClientHello after it was seen to drop one.
func TestLargeClientHello(t *testing.T) {
	cert, key := identity(t, "EC")
	for name, drops := range map[string]bool{"drops": true, "resets": false} {
		t.Run(name, func(t *testing.T) {
			eachMode(t, func(t *testing.T, opts Options) {
				var mu sync.Mutex
				large := 0
				url := serveTLS(t, &tls.Config{Certificates: pair(t, cert, key)}, func(c net.Conn) net.Conn {
					head := make([]byte, 5)
					if _, err := io.ReadFull(c, head); err != nil {
						c.Close()
						return nil
					}
					if int(head[3])<<8+int(head[4]) < 1200 {
						return &begun{Conn: c, r: io.MultiReader(bytes.NewReader(head), c)}
					}
					mu.Lock()
					large++
					mu.Unlock()
					if drops {
						io.Copy(io.Discard, c)
					}
					c.(*net.TCPConn).SetLinger(0)
					c.Close()
					return nil
				})
				opts.CAs, opts.Workers = cert, 1
				if drops {
					opts.ConnectTimeout = time.Second
				}
				for _, r := range fetch(t, opts, url+"/1", url+"/2", url+"/3").results {
					expect(t, r, StatusOK, "", 1)
				}
				mu.Lock()
				defer mu.Unlock()
				if large != 1 {
					t.Errorf("%d large messages", large)
				}
			})
		})
	}
}

// begun is a connection of which something was read.
type begun struct {
	net.Conn
	r io.Reader
}

func (b *begun) Read(p []byte) (int, error) { return b.r.Read(p) }

// TestSmallClientHelloOnce has a host that resets every handshake. A small ClientHello
// is tried once, and not at each attempt.
func TestSmallClientHelloOnce(t *testing.T) {
	eachMode(t, func(t *testing.T, opts Options) {
		var mu sync.Mutex
		conns := 0
		url := serveTLS(t, &tls.Config{}, func(c net.Conn) net.Conn {
			mu.Lock()
			conns++
			mu.Unlock()
			io.ReadFull(c, make([]byte, 5))
			c.(*net.TCPConn).SetLinger(0)
			c.Close()
			return nil
		})
		opts.Workers = 1
		expect(t, fetch(t, opts, url+"/1").results[0], StatusFailed, ClassReset, 3)
		mu.Lock()
		defer mu.Unlock()
		if conns != 4 {
			t.Errorf("%d handshakes, want 4", conns)
		}
	})
}

// TestRenegotiation has a server of TLS 1.2 that asks for a new handshake after the
// request (RFC 5246 section 7.4.1.1), as web servers do that want a client's certificate
// for some paths. crypto/tls has no such server, so OpenSSL plays it.
func TestRenegotiation(t *testing.T) {
	if _, err := exec.LookPath("openssl"); err != nil {
		t.Skip("needs openssl")
	}
	cert, key := identity(t, "EC")
	eachMode(t, func(t *testing.T, opts Options) {
		file := t.TempDir() + "/server.pem"
		write(t, file, string(cert)+string(key))
		cmd := exec.CommandContext(t.Context(), "openssl", "s_server", "-accept", "127.0.0.1:0", "-cert", file, "-tls1_2", "-alpn", "http/1.1", "-naccept", "1")
		in, err := cmd.StdinPipe()
		if err != nil {
			t.Fatal(err)
		}
		out, err := cmd.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		address, ok := between(out, "ACCEPT ", "\n")
		var serving sync.WaitGroup
		serving.Go(func() {
			defer cmd.Wait()
			for _, step := range []struct{ from, to, say string }{
				{"GET /1 ", "\r\n\r\n", "R\n"},   // a new handshake
				{"Read BLOCK", "\n", wholeReply}, // it is over
			} {
				if _, ok := between(out, step.from, step.to); ok {
					io.WriteString(in, step.say)
				}
			}
		})
		if !ok {
			t.Error("openssl does not listen")
		}
		opts.CAs, opts.Retries = cert, 0
		expect(t, fetch(t, opts, "https://"+address+"/1").results[0], StatusOK, "", 1)
		in.Close()
		serving.Wait()
	})
}

// between reads up to a text, and returns what comes before another.
func between(r io.Reader, from, to string) (string, bool) {
	var text strings.Builder
	one := make([]byte, 1)
	for {
		if _, err := r.Read(one); err != nil {
			return "", false
		}
		text.Write(one)
		if _, rest, found := strings.Cut(text.String(), from); found {
			if what, _, found := strings.Cut(rest, to); found {
				return what, true
			}
		}
	}
}
