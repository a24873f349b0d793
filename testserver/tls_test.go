package testserver

import (
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"testing"
)

func TestAnyHostName(t *testing.T) {
	s := start(t, Options{})
	c := newClient(t, s)
	for _, host := range []string{
		"picsum.photos", "grab.test", "a.b.c.example", "UPPER.example", "under_score.example",
		"localhost", "127.0.0.1", "[::1]", "xn--bcher-kva.example",
	} {
		r := get(t, c, "https://"+host+"/status/200")
		if r.StatusCode != 200 || r.ProtoMajor != 2 {
			t.Errorf("%s: status %d over %s", host, r.StatusCode, r.Proto)
		}
	}
}

func TestHTTP1OverTLS(t *testing.T) {
	s := start(t, Options{})
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(s.CA())
	c, err := tls.Dial("tcp", s.Addr(), &tls.Config{RootCAs: roots, ServerName: "grab.test"})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	fmt.Fprint(c, "GET /status/200 HTTP/1.1\r\nHost: grab.test\r\n\r\n")
	if _, err := c.Read(make([]byte, 1)); err != nil {
		t.Fatal(err)
	}
	if q := s.Ledger().Requests; len(q) != 1 || q[0].Proto != "HTTP/1.1" || q[0].Conn != 1 {
		t.Errorf("ledger %+v", q)
	}
}
