package list_test

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	. "grab/downloader/list"
)

// TestExpand puts files in place of folders and patterns.
func TestExpand(t *testing.T) {
	t.Chdir(t.TempDir())
	for _, name := range []string{"feeds/b.csv", "feeds/a.txt", "feeds/.hidden", "feeds/more/c.txt", "x1.txt", "x2.txt", "[x].txt", "none/.x"} {
		if err := errors.Join(os.MkdirAll(filepath.Dir(name), 0o777), os.WriteFile(name, nil, 0o666)); err != nil {
			t.Fatal(err)
		}
	}
	inFeeds := []string{filepath.Join("feeds", "a.txt"), filepath.Join("feeds", "b.csv")}
	for _, tt := range []struct {
		args, want []string
		bad        string
	}{
		{args: []string{"-", "x2.txt", "http://a.test/*?x=[1]", "gone"}, want: []string{"-", "x2.txt", "http://a.test/*?x=[1]", "gone"}},
		{args: []string{"feeds", "x1.txt"}, want: append(slices.Clone(inFeeds), "x1.txt")},
		{args: []string{"x*.txt", "f*"}, want: append([]string{"x1.txt", "x2.txt"}, inFeeds...)},
		{args: []string{"[x].txt"}, want: []string{"[x].txt"}},
		{args: []string{"*.csv"}, bad: "*.csv: no file matches this pattern"},
		{args: []string{"none"}, bad: "none: the folder has no list in it"},
	} {
		got, err := Expand(tt.args)
		if tt.bad != "" {
			path, ok := errors.AsType[*fs.PathError](err)
			if !ok || !strings.HasPrefix(path.Path+": "+path.Err.Error(), tt.bad) {
				t.Errorf("%q: %v, want %s", tt.args, err, tt.bad)
			}
			continue
		}
		if err != nil || !slices.Equal(got, tt.want) {
			t.Errorf("%q: %q, %v, want %q", tt.args, got, err, tt.want)
		}
	}
}

// TestManyLists opens more lists than are open at once, and reads them in their order.
func TestManyLists(t *testing.T) {
	dir := t.TempDir()
	var want []string
	for i := range 200 {
		url := fmt.Sprintf("http://a.test/%03d", i)
		want = append(want, url)
		if err := os.WriteFile(filepath.Join(dir, fmt.Sprintf("%03d", i)), []byte(url), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	args, err := Expand([]string{dir})
	if err != nil {
		t.Fatal(err)
	}
	src, done, err := Open(t.Context(), args, nil, List{})
	if err != nil {
		t.Fatal(err)
	}
	defer done()
	var got []string
	for item, err := range src {
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, item.URL)
	}
	if !slices.Equal(got, want) {
		t.Errorf("%q", got)
	}
	if n := Count(t.Context(), args, List{}); n != 200 {
		t.Errorf("counted %d", n)
	}
}
