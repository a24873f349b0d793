package value

import (
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"io"
	"os"
)

// longestPEM is the largest file of certificates or keys, in bytes. Children get its
// content in their first frame.
const longestPEM = 256 << 10

// PEM reads a file of certificates or keys.
func PEM(name string) ([]byte, error) {
	file, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer func() { _ = file.Close() }()
	data, err := io.ReadAll(io.LimitReader(file, longestPEM+1))
	switch {
	case err != nil:
		return nil, err
	case len(data) > longestPEM:
		return nil, fmt.Errorf("%s is longer than %d bytes", name, longestPEM)
	case !bytes.Contains(data, []byte("-----BEGIN ")):
		return nil, fmt.Errorf("%s is not in PEM form, with a line that starts with -----BEGIN", name)
	}
	return data, nil
}

// Authorities reads a file of certificates of authorities.
func Authorities(name string) ([]byte, error) {
	data, err := PEM(name)
	if err == nil && !x509.NewCertPool().AppendCertsFromPEM(data) {
		err = fmt.Errorf("%s has no certificate", name)
	}
	return data, err
}

// TLSVersion parses a version of TLS.
func TLSVersion(text string) (uint16, error) {
	name, err := OneOf("1.0", "1.1", "1.2", "1.3")(text)
	if err != nil {
		return 0, err
	}
	return tls.VersionTLS10 + uint16(name[2]-'0'), nil // they follow each other
}
