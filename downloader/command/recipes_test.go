package command

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"
)

// login starts a server of two hosts. Each gives its images to those alone who send the
// host's own cookie and its address as Referer. The list is in urls.txt, and the cookies, as
// a browser's extension exports them, are in cookies.txt.
func login(ts *testscript.TestScript, neg bool, _ []string) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		host, _, _ := strings.Cut(r.Host, ":")
		origin, _ := url.Parse(r.Referer())
		if r.Header.Get("Cookie") != "session="+host || origin.Hostname() != host {
			http.Error(w, "log in first", http.StatusForbidden)
			return
		}
		_, _ = w.Write([]byte("GIF89a\x01\x00\x01\x00\x00\x00\x00\x2c\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02\x44\x01\x00\x3b"))
	}))
	ts.Defer(server.Close)
	_, port, _ := strings.Cut(strings.TrimPrefix(server.URL, "http://"), ":")
	var list, jar strings.Builder
	jar.WriteString("# Netscape HTTP Cookie File\n")
	for _, host := range []string{"127.0.0.1", "localhost"} {
		fmt.Fprintf(&jar, "%s\tFALSE\t/\tFALSE\t0\tsession\t%s\n", host, host)
		for i := range 2 {
			fmt.Fprintf(&list, "http://%s:%s/%d.gif\n", host, port, i)
		}
	}
	ts.Check(os.WriteFile(ts.MkAbs("urls.txt"), []byte(list.String()), 0o666))
	ts.Check(os.WriteFile(ts.MkAbs("cookies.txt"), []byte(jar.String()), 0o600))
}
