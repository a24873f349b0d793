package list_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	. "grab/downloader"
	. "grab/downloader/list"
)

// TestAria2 reads lists in the input form of aria2.
func TestAria2(t *testing.T) {
	sum := strings.Repeat("AB", 32)
	for _, tt := range []struct{ text, want string }{
		{"http://a.test/1\n  out=x\n\thttp-user=y\n", "1 http://a.test/1 {\"filename\":\"x\"}"},
		{"\ufeff# c\nhttp://a.test/1\thttp://b.test/1\t\thttp://a.test/1\r\n referer=http://p.test/\r\n\n#x\n header=X-A: 1\n header=x-a:2\n user-agent=me\nhttp://a.test/2",
			"2 http://a.test/1 ask map[Referer:[http://p.test/] User-Agent:[me] X-A:[1 2]] [http://b.test/1]\n9 http://a.test/2"},
		{"http://a.test/1\n checksum=sha-256=" + sum + "\nhttp://a.test/2\n checksum=md5=1\nhttp://a.test/3\n checksum=sha-256=x",
			"1 http://a.test/1 abab\n3 http://a.test/2\n5 http://a.test/3 parse: the column sha256 has no SHA-256: x"},
		{" out=x\nword\thttp://b.test/1\nhttp://a.test/1\n header=x\nhttp://a.test/2\n header=a b: c\nhttp://a.test/3\n referer=a\x01\n",
			"1  parse: an option of aria2 before the first URL\n2 http://b.test/1 ask map[] []\n3 http://a.test/1 parse: the option header is not written header=Name: value\n" +
				"5 http://a.test/2 parse: not a header: a b\n7 http://a.test/3 parse: not a header: Referer"},
		{strings.Repeat("x", 2<<20) + "\nhttp://a.test/2", "1  parse: a line longer than 1048576 bytes\n2 http://a.test/2"},
		{"http://a.test/" + strings.Repeat("x", MaxURL), "1 http://a.test/" + strings.Repeat("x", 186) + "… parse: line longer than 65536 bytes"},
	} {
		if got := rows(t, List{Name: "a.aria2", Body: strings.NewReader(tt.text)}); tidy(got) != tidy(tt.want) {
			t.Errorf("%.200q:\ngot  %.500s\nwant %.500s", tt.text, got, tt.want)
		}
	}
	var said []string
	l := List{Name: "a.aria2", Body: strings.NewReader("http://a.test/1\n gid=x\n dir=y\n"), Cleaned: func(_ Item, what string) { said = append(said, what) }}
	if rows(t, l); strings.Join(said, "; ") != "the option gid, the option dir" {
		t.Errorf("said %q", said)
	}
}

// TestAria2IsTold tells the form of aria2 from a text list. A stream is not waited for.
func TestAria2IsTold(t *testing.T) {
	dir := t.TempDir()
	for text, want := range map[string][2]string{ // as a file, and as a stream
		"http://a.test/1\thttp://b.test/1\nhttp://a.test/2": {"1 http://a.test/1 ask map[] [http://b.test/1]\n2 http://a.test/2", "same"},
		"# c\n\nhttp://a.test/1\n  referer=x\n":             {"3 http://a.test/1 ask map[Referer:[x]] []", "3 http://a.test/1\n4 referer=x parse: this looks like an option of aria2: read the list with -list-format aria2"},
		"http://a.test/1\n  http://a.test/?a=b\n":           {"1 http://a.test/1\n2 http://a.test/?a=b", "same"},
		"http://a.test/0\nhttp://a.test/1\n  referer=x\n":   {"1 http://a.test/0\n2 http://a.test/1 ask map[Referer:[x]] []", "1 http://a.test/0\n2 http://a.test/1\n3 referer=x parse: this looks like an option of aria2: read the list with -list-format aria2"},
		"http://a.test/1\nreferer=x\n":                      {"1 http://a.test/1\n2 referer=x parse: this looks like an option of aria2: read the list with -list-format aria2", "same"},
		"http://a.test/1\tcaption":                          {"1 http://a.test/1\\tcaption parse: this looks like a table with tabs: read it with -list-format tsv", "same"},
	} {
		name := filepath.Join(dir, "list")
		if err := os.WriteFile(name, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
		for i, arg := range []string{name, "-"} {
			want := want
			if want[1] == "same" {
				want[1] = want[0]
			}
			src, done, err := Open(t.Context(), []string{arg}, strings.NewReader(text), List{})
			if err != nil {
				t.Fatal(err)
			}
			if got := rowsOf(src); tidy(got) != tidy(want[i]) {
				t.Errorf("%s %q:\ngot  %s\nwant %s", arg, text, got, want[i])
			}
			if n := Count(t.Context(), []string{arg}, List{}); arg != "-" && n != strings.Count(want[i], "\n")+1 {
				t.Errorf("%q: counted %d", text, n)
			}
			done()
		}
	}
}
