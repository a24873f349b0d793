package config

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
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

	"grab/config/args"
	"grab/config/setting"
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
	const longestPEM = 256 << 10
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

// TestSuggest finds the subcommand that a mistyped word is near to.
func TestSuggest(t *testing.T) {
	for _, test := range []struct{ word, want string }{
		{"comapre", "compare"},
		{"compar", "compare"},
		{"Compare", "compare"},
		{"sevre", "serve"},
		{"serv", "serve"},
		{"urls.txt", ""},
		{"se", ""},
		{"", ""},
		{"compass", "compare"},
		{"compost", ""},
	} {
		if got := args.Suggest(test.word, setting.SubcommandNames()); got != test.want {
			t.Errorf("args.Suggest(%q) = %q, want %q", test.word, got, test.want)
		}
	}
}

// TestPartOfTheEnvironment lets the environment say which part of a list the run is about.
func TestPartOfTheEnvironment(t *testing.T) {
	cfg, err := run(t, []string{"JOB_COMPLETION_INDEX=2"}, "-part", "auto/4", "list")
	if err != nil || cfg.Part.Number != 3 || cfg.Part.Of != 4 {
		t.Errorf("%+v, %v", cfg.Part, err)
	}
	_, err = run(t, nil, "-part", "auto/4", "list")
	wantMistake(t, err, "-part: nothing in the environment says which part this is: write it, such as 3/10")
}
