package config

import (
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"os"

	"grab/downloader"
)

// longestPEM is the largest file of certificates or keys, in bytes. Children get its
// content in their first frame.
const longestPEM = 256 << 10

// pemFile reads a file of certificates or keys.
func pemFile(name string) ([]byte, error) {
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

// authorities reads a file of certificates of authorities.
func authorities(name string) ([]byte, error) {
	data, err := pemFile(name)
	if err == nil && !x509.NewCertPool().AppendCertsFromPEM(data) {
		err = fmt.Errorf("%s has no certificate", name)
	}
	return data, err
}

func tlsVersion(text string) (uint16, error) {
	name, err := oneOf("1.0", "1.1", "1.2", "1.3")(text)
	if err != nil {
		return 0, err
	}
	return tls.VersionTLS10 + uint16(name[2]-'0'), nil // they follow each other
}

// proxy parses the URL of a proxy. Its error does not contain the URL, which may hold a
// password.
func proxy(text string) (string, error) {
	if _, ok := downloader.ProxyURL(text); !ok {
		return "", errors.New("is not the URL of a proxy, such as http://host:3128 or socks5h://host:1080; " +
			"in its password, @ : / ? # % and space are written as %40 %3A %2F %3F %23 %25 %20")
	}
	return text, nil
}

// checkTLS reads the client's key from the file of the certificate, if no other is
// named, and refuses a pair that does not fit.
func checkTLS(o *downloader.Options, chosen source) error {
	if len(o.ClientCert) == 0 {
		if c, ok := chosen["key"]; ok {
			return downloader.UsageErrorf(c.origin, "has no meaning without -cert")
		}
		return nil
	}
	if len(o.ClientKey) == 0 {
		o.ClientKey = o.ClientCert
	}
	if _, err := tls.X509KeyPair(o.ClientCert, o.ClientKey); err != nil {
		return &downloader.UsageError{Source: chosen["cert"].origin, Err: err}
	}
	return nil
}
