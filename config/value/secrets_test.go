package value

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestSecretsFiles reads files of cookies and passwords: whole ones, and some that are not
// usable. No error shows what is in them.
func TestSecretsFiles(t *testing.T) {
	const login, cookie = "machine a.test login me password s3cret\n", "a.test\tTRUE\t/\tTRUE\t0\tname\ts3cret\n"
	long := strings.Repeat("#", longestSecrets)
	for _, c := range []struct {
		text           string
		netrc, cookies string // parts of the errors; empty: none
	}{
		{login, "", "line 1"},
		{cookie, "word 1", ""},
		{"", "", "has no cookie"},
		{"machine a.test login", "ends after", "line 1"},
		{"s3cret\xff", "is not UTF-8", "is not UTF-8"},
		{long[1:] + "\n", "", "has no cookie"},
		{long + "\n", "is longer than", "is longer than"},
	} {
		name := filepath.Join(t.TempDir(), "secrets")
		if err := os.WriteFile(name, []byte(c.text), 0o600); err != nil {
			t.Fatal(err)
		}
		t.Setenv("NETRC", name)
		passwords, err := Netrc()
		check := func(kind, got string, err error, want string) {
			t.Helper()
			if want == "" && (err != nil || got != c.text) ||
				want != "" && (err == nil || got != "" || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "s3cret")) {
				t.Errorf("%s %.60q: %.60q, %v; want %q", kind, c.text, got, err, want)
			}
		}
		check("netrc", passwords, err, c.netrc)
		cookies, err := Cookies(name)
		check("cookies", cookies, err, c.cookies)
	}
	none := filepath.Join(t.TempDir(), "none")
	t.Setenv("NETRC", none)
	if _, err := Netrc(); !os.IsNotExist(err) {
		t.Errorf("%v", err)
	}
	if _, err := Cookies(none); !os.IsNotExist(err) {
		t.Errorf("%v", err)
	}
	t.Setenv("NETRC", "")
	home := t.TempDir()
	t.Setenv("HOME", home)
	if err := os.WriteFile(filepath.Join(home, ".netrc"), []byte(login), 0o600); err != nil {
		t.Fatal(err)
	}
	if got, err := Netrc(); got != login || err != nil {
		t.Errorf("%q, %v", got, err)
	}
	t.Setenv("HOME", "")
	if _, err := Netrc(); err == nil || !strings.Contains(err.Error(), "NETRC names no file") {
		t.Errorf("%v", err)
	}
}
