package command

import (
	"compress/gzip"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestWebLists fetches a list from a server, and its images from the embedded one.
func TestWebLists(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/feed.csv.gz" {
			http.NotFound(w, r)
			return
		}
		out := gzip.NewWriter(w)
		_, _ = io.WriteString(out, "link,id\nhttps://picsum.photos/200/301,7\nhttps://picsum.photos/200/302,8\n")
		_ = out.Close()
	}))
	defer server.Close()
	dir, temp := t.TempDir(), t.TempDir()
	t.Setenv("TMPDIR", temp)
	feed := strings.Replace(server.URL, "http://", "http://me:secret@", 1) + "/feed.csv.gz?x=/1.txt"
	gone := strings.Replace(server.URL, "http://", "http://me:secret@", 1) + "/gone"
	for _, tt := range []struct {
		args []string
		code int
		said string
	}{
		{[]string{"-local", "-latency", "5ms", "-json", "-out", "a", "-list", feed, "https://picsum.photos/200/300"}, 0, `"index":2,"line":3,"url":"https://picsum.photos/200/302",`},
		{[]string{"-local", "-latency", "5ms", "-v", "-out", "a", "-list", feed}, 0, "/feed.csv.gz?x=/1.txt: the URLs are in the column link"},
		{[]string{"-dry-run", "-out", "b", "-list", feed}, 0, "2 "},
		{[]string{"-local", "-rounds", "1", "compare", "-latency", "5ms", "-out", "c", "-list", feed}, 0, " 2/2 "},
		{[]string{"-local", "-out", "d", "-list", gone}, 2, "/gone: 404 Not Found: there is no list at this URL"},
		{[]string{"-out", "d", "-list", "feed.csv"}, 2, "the name of a list file is an argument"},
	} {
		r := launch(t, dir, nil, tt.args...)
		out, _ := io.ReadAll(r.out)
		_ = r.Wait()
		said := string(out) + r.stderr.String()
		if r.ProcessState.ExitCode() != tt.code || !strings.Contains(said, tt.said) || strings.Contains(said, "secret") {
			t.Errorf("%q: exit code %d, said\n%s", tt.args, r.ProcessState.ExitCode(), said)
		}
	}
	if _, err := os.Stat(filepath.Join(dir, "d")); err == nil {
		t.Error("a list that is not there made a directory")
	}
	if left, err := os.ReadDir(temp); err != nil || len(left) > 0 {
		t.Errorf("left %v, %v", left, err)
	}
}
