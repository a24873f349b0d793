package batch

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/parquet-go/parquet-go"

	"grab/downloader"
	"grab/downloader/list"
)

// failing reads lists, writes a list of the entries that fail, and returns these.
func failing(t *testing.T, args []string, how list.List, name string, fails func(index int) bool) (items []downloader.Item) {
	t.Helper()
	f, err := NewFailedList(name, args)
	if err != nil {
		t.Fatal(err)
	}
	if list.SameForm(args, how) {
		how.Begin = func(form list.Form) { f.Begin(!form.Format.HasComments(), form.Header) }
		how.Row = f.Row
	}
	src, done, err := list.Open(t.Context(), args, nil, how)
	if err != nil {
		t.Fatal(err)
	}
	defer done()
	var results []downloader.Result
	for item, err := range f.Watch(src) {
		bad, isBad := err.(*downloader.Error)
		if err != nil && !isBad {
			t.Fatal(err)
		}
		r := downloader.Result{Item: item.Public(), Status: downloader.StatusOK}
		if err == nil && fails(item.Index) {
			items = append(items, item)
			bad = &downloader.Error{Class: downloader.ClassHTTP4xx, Reason: "404"}
			r.Attempts = 1
		}
		if bad != nil {
			r.Fail(bad)
		}
		if results = append(results, r); len(results) > 10 { // a later one ends before the first
			f.Observe(results[9])
			results = append(results[:9], results[10:]...)
		}
	}
	for _, r := range results {
		f.Observe(r)
	}
	if err := f.Close(); err != nil {
		t.Error(err)
	}
	return items
}

// described returns the entries of a list as texts, by their URLs.
func described(items []downloader.Item) map[string]string {
	all := map[string]string{}
	for _, item := range items {
		text := fmt.Sprint(item.Fields, item.WantSHA256)
		if item.Ask != nil {
			text += fmt.Sprint(item.Ask.Header, item.Ask.Mirrors)
		}
		all[item.URL] = text
	}
	return all
}

// TestFailedList tries again what failed of lists in each form: the list of failures gives the
// same entries.
func TestFailedList(t *testing.T) {
	dir := t.TempDir()
	var big strings.Builder
	big.WriteString("url,id\n")
	for i := range 1000 {
		fmt.Fprintf(&big, "http://a.test/%d,%s\n", i, strings.Repeat("x", i))
	}
	feed := "feed.parquet"
	type row struct {
		ID     int64   `parquet:"id"`
		URL    string  `parquet:"image_url"`
		Mirror *string `parquet:"mirror,optional"`
	}
	mirror := "http://u:p@b.test/3"
	if err := parquet.WriteFile(filepath.Join(dir, feed), []row{{1, "http://a.test/1", nil}, {2, "", nil}, {3, "http://u:p@a.test/3", &mirror}}); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct{ name, text, want string }{
		{"a.csv", big.String(), ""},
		{"b.csv", "id;image_url;note;sha256;image_url_2\r\n\r\n1;http://u:p@a.test/1;\"two\nlines; \"\"\";" + strings.Repeat("ab", 32) + ";http://m:p@b.test/1\r\n2;;;;\r\n3;\"http://a.test/2\";;;\r\n4;http://a.test/4;\"x",
			"id;image_url;note;sha256;image_url_2\r\n1;http://u:p@a.test/1;\"two\nlines; \"\"\";" + strings.Repeat("ab", 32) + ";http://m:p@b.test/1\r\n3;\"http://a.test/2\";;;\r\n"},
		{"c.csv", "http://a.test/1,5\n\nword,7\nhttp://a.test/2,\"http://a.test/3\"", ""},
		{"d.csv", "5,http://a.test/1,a\n6,http://a.test/2,\"b\nc\"\n", "column_1,url,column_3\n5,http://a.test/1,a\n6,http://a.test/2,\"b\nc\"\n"},
		{"e.tsv", "url\tsize\n\nhttp://a.test/1\t5\" wide\nx\t7\nhttp://a.test/2\t6\"\n", "url\tsize\nhttp://a.test/1\t5\" wide\nhttp://a.test/2\t6\"\n"},
		{"f.jsonl", " {\"id\": 7, \"url\":\"http://u:p@a.test/1\",\"mirrors\":[\"http://b.test/1\"]}\nword\n{\"url\":null}\n{\"url\":\"http://a.test/2\",\"referer\":\"http://p.test/\"}",
			"{\"id\": 7, \"url\":\"http://u:p@a.test/1\",\"mirrors\":[\"http://b.test/1\"]}\n{\"url\":\"http://a.test/2\",\"referer\":\"http://p.test/\"}\n"},
		{"g.aria2", "#x\nhttp://a.test/1\n  out=x\n# y\n\treferer=http://p.test/\n header=X-A: 1\nhttp://u:p@a.test/2\thttp://b.test/2\n\nftp://a.test/3\nhttp://a.test/4\n header=x\n",
			"# line 2: http-4xx: 404\nhttp://a.test/1\n out=x\n referer=http://p.test/\n header=X-A: 1\n# line 7: http-4xx: 404\nhttp://u:p@a.test/2\thttp://b.test/2\n" +
				"# line 9: url: parse: scheme ftp is not fetched: only http, https and data are\n# ftp://a.test/3\n# line 10: url: parse: the option header is not written header=Name: value\n# http://a.test/4\n"},
		{"h.txt", "http://a.test/1\nhttp://u:p@a.test/2\nword", "# line 1: http-4xx: 404\nhttp://a.test/1\n# line 2: http-4xx: 404\nhttp://u:p@a.test/2\n# line 3: url: parse: no scheme: an image URL begins with http:// or https://\n# word\n"},
		{feed, "", "{\"id\":\"1\",\"image_url\":\"http://a.test/1\",\"mirror\":\"\"}\n{\"id\":\"3\",\"image_url\":\"http://u:p@a.test/3\",\"mirror\":\"http://u:p@b.test/3\"}\n"},
	} {
		name := filepath.Join(dir, tt.name)
		if tt.name != feed {
			if err := os.WriteFile(name, []byte(tt.text), 0o666); err != nil {
				t.Fatal(err)
			}
		}
		for _, fails := range []func(int) bool{func(int) bool { return true }, func(i int) bool { return i%7 == 1 }, func(int) bool { return false }} {
			dead := filepath.Join(dir, "dead"+strings.TrimSuffix(filepath.Ext(tt.name), "parquet"))
			items := failing(t, []string{name}, list.List{}, dead, fails)
			text, err := os.ReadFile(dead)
			if err != nil {
				t.Fatal(err)
			}
			if len(items) == 0 {
				if strings.Contains(string(text), "\nhttp") || !strings.Contains(tt.want, "# ") && len(text) > 0 {
					t.Errorf("%s: nothing failed, and the list has %q", tt.name, text)
				}
				continue
			}
			again := failing(t, []string{dead}, list.List{}, filepath.Join(dir, "again"), func(int) bool { return true })
			if want, got := described(items), described(again); fmt.Sprint(want) != fmt.Sprint(got) || len(again) != len(items) {
				t.Errorf("%s: %d entries, want %d: %.300q\ngot  %.300v\nwant %.300v", tt.name, len(again), len(items), text, got, want)
			}
			if fails(0) && tt.want != "" && string(text) != tt.want {
				t.Errorf("%s:\ngot  %q\nwant %q", tt.name, text, tt.want)
			}
		}
	}
}

// TestFailedListOfSeveral has several lists. If they do not have the same form, the URLs are in
// a text list.
func TestFailedListOfSeveral(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) string {
		name = filepath.Join(dir, name)
		if err := os.WriteFile(name, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
		return name
	}
	a, b := write("a.csv", "id,url\n1,http://a.test/1\n"), write("b.csv", "id,url\n2,http://a.test/2\n")
	other, text, empty := write("c.csv", "url\nhttp://a.test/3\n"), write("d.txt", "http://a.test/4\n"), write("e.csv", "")
	j, k := write("j.jsonl", `{"url":"http://a.test/5"}`), write("k.jsonl", `{"link":"http://a.test/6"}`)
	for _, tt := range []struct {
		args []string
		want string
	}{
		{[]string{a, empty, b}, "id,url\n1,http://a.test/1\n2,http://a.test/2\n"},
		{[]string{a, other}, "# line 2: http-4xx: 404\nhttp://a.test/1\n# line 2: http-4xx: 404\nhttp://a.test/3\n"},
		{[]string{a, text}, "# line 2: http-4xx: 404\nhttp://a.test/1\n# line 1: http-4xx: 404\nhttp://a.test/4\n"},
		{[]string{text, "http://a.test/9"}, "# line 1: http-4xx: 404\nhttp://a.test/4\n# http-4xx: 404\nhttp://a.test/9\n"},
		{[]string{j, j}, "{\"url\":\"http://a.test/5\"}\n{\"url\":\"http://a.test/5\"}\n"},
		{[]string{j, k}, "# line 1: http-4xx: 404\nhttp://a.test/5\n# line 1: http-4xx: 404\nhttp://a.test/6\n"},
	} {
		dead := filepath.Join(dir, "dead")
		failing(t, tt.args, list.List{}, dead, func(int) bool { return true })
		if got, _ := os.ReadFile(dead); string(got) != tt.want {
			t.Errorf("%v: %q, want %q", tt.args, got, tt.want)
		}
	}
}
