package authority

import (
	"crypto/tls"
	"fmt"
	"net"
	"testing"
)

func TestCertificatesAreCachedAndBounded(t *testing.T) {
	ca, err := New()
	if err != nil {
		t.Fatal(err)
	}
	hello := func(name string) *tls.Certificate {
		t.Helper()
		here, there := net.Pipe()
		defer here.Close()
		defer there.Close()
		cert, err := ca.Certificate(&tls.ClientHelloInfo{ServerName: name, Conn: here})
		if err != nil {
			t.Fatal(err)
		}
		return cert
	}
	if hello("a.test") != hello("A.test") {
		t.Error("signed twice")
	}
	for i := range maxCertificates {
		ca.issued[fmt.Sprint(i, ".test")] = nil
	}
	if hello("b.test"); len(ca.issued) != 1 {
		t.Errorf("%d certificates", len(ca.issued))
	}
	if _, err := ca.Certificate(&tls.ClientHelloInfo{ServerName: "b\u00fccher.test"}); err == nil {
		t.Error("a name that is not ASCII")
	}
}
