package list

import (
	"testing"
)

// FuzzPlainURL checks that isPlainURL accepts nothing that examineURL refuses.
func FuzzPlainURL(f *testing.F) {
	for _, raw := range []string{"http://a.test/1.jpg?x=y&z", "https://A-1.test", "http://a.test:80/", "http://a.test:99999/", "http://a.test:/", "http://a.test:+8/", "http:///x", "http://a.test/%zz", "http://.", "http://-/:"} {
		f.Add(raw)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		if err := examineURL(raw); isPlainURL(raw) && err != nil {
			t.Errorf("%q is plain, and %v", raw, err)
		}
	})
}
