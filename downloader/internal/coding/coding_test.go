package coding

import (
	"net/http"
	"slices"
	"testing"
)

// TestContentCodings lists values of Content-Encoding, and what is decoded.
func TestContentCodings(t *testing.T) {
	for _, c := range []struct {
		values  []string
		known   []string
		unknown string
	}{
		{nil, nil, ""},
		{[]string{"identity", "none", ""}, nil, ""},
		{[]string{"GZIP"}, []string{"gzip"}, ""},
		{[]string{"x-gzip , br", "zstd"}, []string{"gzip", "br", "zstd"}, ""},
		{[]string{"utf-8,deflate", "aws-chunked"}, []string{"deflate"}, "utf-8"},
	} {
		resp := &http.Response{Header: http.Header{"Content-Encoding": c.values}}
		known, unknown := Of(resp)
		if !slices.Equal(known, c.known) || unknown != c.unknown || Has(resp) != (len(c.known) > 0) {
			t.Errorf("%q: %q, %q; want %q, %q", c.values, known, unknown, c.known, c.unknown)
		}
	}
}
