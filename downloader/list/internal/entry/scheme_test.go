package entry

import "testing"

func TestSchemeOf(t *testing.T) {
	for raw, want := range map[string]string{
		"http://a.test": "http", "HTTPS://a.test": "https", "z39.50r+a-b://a": "z39.50r+a-b", "z:": "z", "a:b": "a",
		"a.test/x": "", "a.test:80/x": "", "1http://a": "", "ht tp://a": "", "{a:b": "", "@:x": "", "": "", ":": "",
	} {
		if got := schemeOf(raw); got != want {
			t.Errorf("%q: %q, want %q", raw, got, want)
		}
	}
}
