package config

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"math/big"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"grab/downloader"
)

// pair returns a certificate and its key, as PEM.
func pair(t *testing.T) (cert, key []byte) {
	t.Helper()
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	der, err := x509.CreateCertificate(rand.Reader, &x509.Certificate{SerialNumber: big.NewInt(1)}, &x509.Certificate{}, &private.PublicKey, private)
	if err != nil {
		t.Fatal(err)
	}
	encoded, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		t.Fatal(err)
	}
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: encoded})
}

// TestCertificates names files of certificates and keys in the flags that take them.
func TestCertificates(t *testing.T) {
	dir := t.TempDir()
	file := func(name string, parts ...[]byte) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, slices.Concat(parts...), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	cert, key := pair(t)
	_, other := pair(t)
	certs, keys, both, strange := file("cert", cert), file("key", key), file("both", cert, key), file("other", other)
	text, long := file("text", []byte("x")), file("long", bytes.Repeat([]byte("x"), longestPEM+1))
	longest := file("longest", cert, bytes.Repeat([]byte("\n"), longestPEM-len(cert)))
	for _, c := range []struct {
		words     []string
		want      string // part of the error; empty: none
		cas, cert []byte
		key       []byte
	}{
		{[]string{"-ca", certs}, "", cert, nil, nil},
		{[]string{"-ca", longest}, "", slices.Concat(cert, bytes.Repeat([]byte("\n"), longestPEM-len(cert))), nil, nil},
		{[]string{"-ca", keys}, "has no certificate", nil, nil, nil},
		{[]string{"-ca", text}, "is not in PEM form", nil, nil, nil},
		{[]string{"-ca", long}, "is longer than", nil, nil, nil},
		{[]string{"-ca", filepath.Join(dir, "none")}, "no such file", nil, nil, nil},
		{[]string{"-cert", certs, "-key", keys}, "", nil, cert, key},
		{[]string{"-cert", both}, "", nil, slices.Concat(cert, key), slices.Concat(cert, key)},
		{[]string{"-cert", certs}, "-cert: ", nil, nil, nil},
		{[]string{"-cert", certs, "-key", strange}, "-cert: ", nil, nil, nil},
		{[]string{"-key", keys}, "-key: has no meaning without -cert", nil, nil, nil},
	} {
		cfg, err := run(t, nil, append(c.words, "list")...)
		if (err == nil) != (c.want == "") || err != nil && !strings.Contains(err.Error(), c.want) {
			t.Errorf("%q: %v, want %q", c.words, err, c.want)
		}
		if o := cfg.Options; err == nil && (!bytes.Equal(o.CAs, c.cas) || !bytes.Equal(o.ClientCert, c.cert) || !bytes.Equal(o.ClientKey, c.key)) {
			t.Errorf("%q: %d, %d and %d bytes", c.words, len(o.CAs), len(o.ClientCert), len(o.ClientKey))
		}
	}
	for text, want := range map[string]uint16{"1.0": tls.VersionTLS10, "1.1": tls.VersionTLS11, "1.2": tls.VersionTLS12, "1.3": tls.VersionTLS13, "1": 0, "": 0} {
		if got, err := tlsVersion(text); got != want || (err == nil) != (want != 0) {
			t.Errorf("%q: %x, %v", text, got, err)
		}
	}
}

// TestValues parses values at and beyond their limits.
func TestValues(t *testing.T) {
	fails := errors.New("fails")
	check := func(kind, text string, got any, err error, want any) {
		t.Helper()
		if want == error(fails) && err == nil || want != error(fails) && (err != nil || fmt.Sprint(got) != fmt.Sprint(want)) {
			t.Errorf("%s %.40q: %v, %v; want %v", kind, text, got, err, want)
		}
	}
	for text, want := range map[string]any{
		"2/s": 500 * time.Millisecond, "30/m": 2 * time.Second, "360/h": 10 * time.Second, "0.001/s": 1000 * time.Second, "1e6/s": time.Microsecond,
		"0.0009/s": fails, "1000001/s": fails, "NaN/s": fails, "-1/s": fails, "2": fails, "2/d": fails, "x/s": fails,
	} {
		got, err := rate(text)
		check("rate", text, got, err, want)
	}
	for text, want := range map[string]any{"400": []int{400}, "999, 404": []int{999, 404}, "399": fails, "1000": fails, "x": fails, "404,": fails, "": fails} {
		got, err := statuses(text)
		check("statuses", text, got, err, want)
	}
	for text, want := range map[string]any{"20%": 20.0, "0.5%": 0.5, "99.9%": 99.9, "0%": fails, "100%": fails, "20": fails, "x%": fails, "NaN%": fails} {
		got, err := percent(text)
		check("percent", text, got, err, want)
	}
	for text, want := range map[string]any{"1.1.1.1": "[1.1.1.1:53]", "1.1.1.1:54, 2620:fe::fe": "[1.1.1.1:54 [2620:fe::fe]:53]", "[::1]:0": fails, "a.test": fails, ",": fails} {
		got, err := nameServers(text)
		check("name servers", text, got, err, want)
	}
	for text, want := range map[string]any{":0": ":0", "[::1]:65535": "[::1]:65535", "a:65536": fails, "a": fails, "a:": fails, "a:x": fails} {
		got, err := hostPort(text)
		check("host and port", text, got, err, want)
	}
	long := strings.Repeat("x", longestPath)
	for text, want := range map[string]any{"x y": "x y", long: long, long + "x": fails, "": fails, "a\nb": fails} {
		got, err := folder(text)
		check("folder", text, got, err, want)
	}
	for text, want := range map[string]any{"http://a.test/x": nil, "HTTPS://a.test": nil, "list.csv": fails, "ftp://a.test/x": fails, "http://": fails, "http://%zz": fails} {
		check("list", text, nil, webList(text), want)
	}
	for text, want := range map[string]any{"a:1": "a:1", "socks5h://me:word@a": "socks5h://me:word@a", "ftp://me:s3cret@a": fails} {
		got, err := proxy(text)
		if check("proxy", text, got, err, want); err != nil && strings.Contains(err.Error(), "s3cret") {
			t.Errorf("%v", err)
		}
	}
}

// TestMoreMistakes has flags that contradict each other or have no meaning together, and those
// of other programs.
func TestMoreMistakes(t *testing.T) {
	jar := filepath.Join(t.TempDir(), "cookies")
	if err := os.WriteFile(jar, []byte("a.test\tTRUE\t/\tTRUE\t0\tname\tvalue\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv("NETRC", filepath.Join(t.TempDir(), "none"))
	for line, want := range map[string]string{
		"-save-cookies x list": "-save-cookies: has no meaning without -cookies",
		"-save-cookies x -cookies " + jar + " -mode process list": "-save-cookies: has no meaning in mode process: each child has cookies of its own",
		"-save-cookies x -cookies " + jar + " -mode pool list":    "",
		"-netrc list":                  "-netrc: ",
		"-n 1,2 list":                  "-n: ",
		"compare -n 1,2 list":          "",
		"-part-by host list":           "-part-by: has no meaning without -part",
		"-part-by host -part 1/2 list": "",
		"compare -local -sweep latency=1ms,2ms -latency 3ms list": "-latency: contradicts -sweep latency=1ms,2ms",
		"compare -sweep latency=1ms,2ms list":                     "-sweep: latency=1ms,2ms has no meaning without -local",
		"compare -sweep n=1,2 list":                               "",
		"compare -local -sweep size=8x8,9x9 list":                 "-sweep: size=8x8,9x9 has no meaning without -images",
		"compare -local -images 3 -sweep size=8x8,9x9":            "",
		"-local -size 8x8 list":                                   "-size: has no meaning without -images",
		"-size 8x8 list":                                          "-size: has no meaning without -local",
		"-local -images 3 -size 8x8":                              "",
		"-local -proxy a:1 list":                                  "-proxy: has no meaning with -local",
		"-proxy a:1 list":                                         "",
		"-retry-min 2s -retry-max 1s list":                        "-retry-min: the shortest back-off (2s) is above the longest (1s)",
		"-retry-min 1s -retry-max 1s list":                        "",
		"-q -qq list":                                             "",
		"-max-procs 3 list":                                       "unknown flag -max-procs; did you mean -n?",
		"-P 3 list":                                               "unknown flag -P; did you mean -n?",
		"-O x list":                                               "unknown flag -O; did you mean -out?",
		"-directory-prefix x list":                                "unknown flag -directory-prefix; did you mean -out?",
		"-k list":                                                 "unknown flag -k; did you mean -insecure?",
		"-no-check-certificate list":                              "unknown flag -no-check-certificate; did you mean -insecure?",
		"-A x list":                                               "unknown flag -A; did you mean -user-agent?",
		"-tries 3 list":                                           "unknown flag -tries; did you mean -retries?",
		"-T 3 list":                                               "unknown flag -T; did you mean -timeout?",
		"-s list":                                                 "unknown flag -s; did you mean -quiet?",
		"-versoin":                                                "unknown flag -versoin; did you mean -version?",
		"-hlep":                                                   "unknown flag -hlep; did you mean -help?",
		"serve -versoin":                                          "unknown flag -versoin",
	} {
		cfg, err := run(t, nil, fields(line)...)
		if (err == nil) != (want == "") || err != nil && !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%s: %v, want %q", line, err, want)
		}
		if err == nil && strings.Contains(line, "-qq") && !cfg.Quiet {
			t.Errorf("%s: is not quiet", line)
		}
	}
	for line, want := range map[string]bool{"list": true, "-timeout 5s list": false, "-timeout 0 list": false} {
		if cfg, err := run(t, nil, fields(line)...); err != nil || cfg.Options.TimeoutGrows != want {
			t.Errorf("%s: the time limit grows: %v, %v", line, !want, err)
		}
	}
	for line, want := range map[string]string{
		"-local -images 3 -size 8x8": "3 8x8", "-local list": "0 ", "list": "0 ",
	} {
		if cfg, err := run(t, nil, fields(line)...); err != nil || fmt.Sprint(cfg.Images, " ", cfg.Size) != want {
			t.Errorf("%s: %d images of %q, %v", line, cfg.Images, cfg.Size, err)
		}
	}
}

// TestPoints goes through a sweep.
func TestPoints(t *testing.T) {
	cfg := Config{N: []int{9}}
	if points, err := cfg.Points(); err != nil || len(points) != 1 || points[0].N[0] != 9 {
		t.Errorf("%+v, %v", points, err)
	}
	cfg.Sweep.Name, cfg.Sweep.Values = "n", []string{"3", "5"}
	points, err := cfg.Points()
	if err != nil || len(points) != 2 || points[0].N[0] != 3 || points[1].N[0] != 5 || cfg.N[0] != 9 || !slices.Equal(points[1].Sweep.Values, []string{"5"}) {
		t.Errorf("%+v, %v", points, err)
	}
	for _, name := range []string{"n", "no such setting"} {
		cfg.Sweep.Name, cfg.Sweep.Values = name, []string{"3", "x"}
		if points, err := cfg.Points(); err == nil {
			t.Errorf("%+v", points)
		}
	}
}

// TestExplainListError has lists that cannot be opened, of which some may be mistyped words.
func TestExplainListError(t *testing.T) {
	for _, c := range []struct {
		path  string
		lists []string
		want  string
	}{
		{"", []string{""}, `an argument is "": name a file of URLs`},
		{"comprae", []string{"comprae", "x"}, "unknown command comprae; did you mean compare?"},
		{"comprae", []string{"x", "comprae"}, "comprae: file does not exist"},
		{"urls.txt", []string{"urls.txt"}, "urls.txt: file does not exist"},
	} {
		err := ExplainListError(&fs.PathError{Op: "open", Path: c.path, Err: fs.ErrNotExist}, c.lists)
		if _, ok := errors.AsType[*downloader.UsageError](err); !ok || !strings.HasPrefix(err.Error(), c.want) {
			t.Errorf("%q of %q: %v, want %q", c.path, c.lists, err, c.want)
		}
	}
	other := errors.New("x")
	if err := ExplainListError(other, []string{"x"}); err != other {
		t.Errorf("%v", err)
	}
}
