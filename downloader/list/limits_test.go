package list_test

import (
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/iotest"

	. "grab/downloader"
	. "grab/downloader/list"
)

// brief describes a list's entries with each run of the letter x as its length.
func brief(text string) string {
	var b strings.Builder
	for text != "" {
		rest := strings.TrimLeft(text, "x")
		if n := len(text) - len(rest); n > 3 {
			fmt.Fprintf(&b, "<%d>", n)
		} else {
			b.WriteString(text[:n])
		}
		next := strings.IndexByte(rest, 'x')
		if next < 0 {
			next = len(rest)
		}
		b.WriteString(rest[:next])
		text = rest[next:]
	}
	return tidy(b.String())
}

// TestLimits has texts that are as long as they may be, and longer by one byte.
func TestLimits(t *testing.T) {
	const (
		row  = 1 << 20
		head = "url,s\n"
		end  = "\nhttp://a.test/2"
	)
	x := func(n int) string { return strings.Repeat("x", n) }
	for _, tt := range []struct{ name, text, want string }{
		// A row of a table counts its newline, and the limit of the other columns strikes earlier.
		{"a.csv", head + x(row-1) + end, "2 " + "<200>… parse: line longer than 65536 bytes\n3 http://a.test/2"},
		{"a.csv", head + x(row) + end, "list a.csv: a row longer than 1048576 bytes: is there a quote that is not closed?"},
		{"a.csv", head + "http://a.test/1," + x(MaxFields-len(`{"s":""}`)) + end, `2 http://a.test/1 {"s":"<65528>"}` + "\n3 http://a.test/2"},
		{"a.csv", head + "http://a.test/1," + x(MaxFields-len(`{"s":""}`)+1) + end, "2 http://a.test/1 parse: the other columns are longer than 65536 bytes\n3 http://a.test/2"},

		{"a.jsonl", `{"url":"` + x(row-len(`{"url":""}`)-1) + `"}` + end, "1 <200>… parse: line longer than 65536 bytes\n2 parse: not a JSON object on a line of its own"},
		{"a.jsonl", `{"url":"` + x(row-len(`{"url":""}`)) + `"}` + end, "1 parse: a line of JSON longer than 1048576 bytes\n2 parse: not a JSON object on a line of its own"},

		{"a.aria2", x(row-1) + end, "1 <200>… parse: line longer than 65536 bytes\n2 http://a.test/2"},
		{"a.aria2", x(row) + end, "1 parse: a line longer than 1048576 bytes\n2 http://a.test/2"},
		{"a.aria2", "http://a.test/1\n " + x(row-10) + "\n " + x(10) + end, "1 http://a.test/1\n4 http://a.test/2"},
		{"a.aria2", "http://a.test/1\n " + x(row-10) + "\n " + x(11) + end, "1 http://a.test/1 parse: options longer than 1048576 bytes\n4 http://a.test/2"},
		{"a.aria2", "http://a.test/1\n " + x(row-10) + "\nhttp://a.test/2\n " + x(11), "1 http://a.test/1\n3 http://a.test/2"},
		{"a.aria2", "http://a.test/1\n " + x(row-10) + "\n" + x(row) + "\n " + x(11) + end, "1 http://a.test/1\n3 parse: a line longer than 1048576 bytes\n5 http://a.test/2"},
		{"a.aria2", x(row) + "\n " + x(row-10) + end, "1 parse: a line longer than 1048576 bytes\n3 http://a.test/2"},
		{"a.aria2", "http://a.test/1\n referer=" + x(MaxURL), "1 http://a.test/1 ask map[Referer:[<65536>]] []"},
		{"a.aria2", "http://a.test/1\n referer=" + x(MaxURL+1), "1 http://a.test/1 parse: not a header: Referer"},
		{"a.aria2", "http://a.test/1\thttp://" + x(MaxURL-7), "1 http://a.test/1 ask map[] [http://<65529>]"},
		{"a.aria2", "http://a.test/1\thttp://" + x(MaxURL-6), "1 http://a.test/1"},

		// Numbers of columns have two digits, and count from that of the URLs.
		{"a.csv", "url,url_2,url_1,url_99,url_100,url_2x\nhttp://a.test/0,http://a.test/2,http://a.test/1,http://a.test/99,http://a.test/100,http://a.test/3",
			`2 http://a.test/0 {"url_2":"http://a.test/2","url_1":"http://a.test/1","url_99":"http://a.test/99","url_100":"http://a.test/100","url_2x":"http://a.test/3"} ask map[] [http://a.test/2 http://a.test/99]`},
		// Without a header the first URL counts, and no column has a role.
		{"a.csv", "sha256,http://a.test/1,http://a.test/2\n", `1 http://a.test/1 {"column_1":"sha256","column_3":"http://a.test/2"}`},
		{"a.csv", "src,image\nhttp://a.test/src,http://a.test/image", `2 http://a.test/src {"image":"http://a.test/image"}`},
		{"a.csv", "a,url,a,a_2,a\n,http://a.test/1,2,3,4", `2 http://a.test/1 {"a":"","a_2":"2","a_2_2":"3","a_3":"4"}`},
		// Of two separators that are there equally often, the comma counts; those in quotes do not.
		{"-", "url,a;b\nhttp://a.test/1,2;3", `2 http://a.test/1 {"a;b":"2;3"}`},
		{"-", "url;a\tb\nhttp://a.test/1;2\t3", `2 http://a.test/1 {"a\tb":"2\t3"}`},
		{"-", "url\t\",,;;\"\nhttp://a.test/1\t2", `2 http://a.test/1 {",,;;":"2"}`},
		{"a.csv", "\"url\n", "list a.csv: the header: parse error on line 1, column 6: extraneous or missing \" in quoted-field"},
		{"a.csv", "url\n\n\n\"\nhttp://a.test/2\n\"\nhttp://a.test/3\n", "4 http://a.test/2\n7 http://a.test/3"},
	} {
		for how, r := range map[string]List{
			"at once":      {Name: tt.name, Body: strings.NewReader(tt.text)},
			"byte by byte": {Name: tt.name, Body: iotest.OneByteReader(strings.NewReader(tt.text))},
		} {
			// What is read ahead counts for the row before.
			if ahead := how == "at once"; len(tt.text) > row && ahead == (tt.name == "a.csv") {
				continue
			}
			if got := brief(rows(t, r)); got != tidy(tt.want) {
				t.Errorf("%s: %.60q, %s:\ngot  %.500s\nwant %.500s", tt.name, tt.text, how, got, tidy(tt.want))
			}
		}
	}
}

// TestWindow has zstd lists whose window is as large as it may be, and larger by one byte. A
// frame of a single segment has a window as large as its content.
func TestWindow(t *testing.T) {
	for size, want := range map[uint32]string{
		128 << 20: "list a.zst: zstd: unexpected EOF", 128<<20 + 1: "list a.zst: zstd: decompressed size exceeds configured limit",
	} {
		frame := binary.LittleEndian.AppendUint32([]byte("\x28\xb5\x2f\xfd\xa0"), size)
		if got := rows(t, List{Name: "a.zst", Body: strings.NewReader(string(frame))}); got != want {
			t.Errorf("%d: %s", size, got)
		}
	}
}

// TestOpenFiles opens more lists than may be open at once.
func TestOpenFiles(t *testing.T) {
	dir := t.TempDir()
	var args []string
	for i := range 100 {
		args = append(args, filepath.Join(dir, fmt.Sprint(i)))
		if err := os.WriteFile(args[i], []byte("http://a.test/"), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	fds, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		t.Skip(err)
	}
	held := func() (n int) {
		if fds, err = os.ReadDir("/proc/self/fd"); err != nil {
			t.Fatal(err)
		}
		for _, fd := range fds {
			if name, _ := os.Readlink("/proc/self/fd/" + fd.Name()); strings.HasPrefix(name, dir+"/") {
				n++
			}
		}
		return n
	}
	src, done, err := Open(t.Context(), args, nil, List{})
	if err != nil {
		t.Fatal(err)
	}
	if n := held(); n != 64 {
		t.Errorf("%d are open", n)
	}
	for item := range src {
		if n := held(); n < 64 || n > 65 || n == 65 && item.Index < 64 {
			t.Fatalf("at %d, %d are open", item.Index, n)
		}
	}
	done()
	if n := held(); n != 0 {
		t.Errorf("%d are still open", n)
	}
}
