package list_test

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/klauspost/compress/zstd"
	"github.com/ulikunitz/xz"

	. "grab/downloader"
	. "grab/downloader/list"
)

// rows reads a list, and describes each entry on a line.
func rows(t testing.TB, l List) string {
	t.Helper()
	return rowsOf(Read(l))
}

func rowsOf(src Source) string {
	var all []string
	for item, err := range src {
		if _, bad := err.(*Error); err != nil && !bad {
			return strings.Join(append(all, err.Error()), "\n")
		}
		one := fmt.Sprintf("%d %s %s", item.Line, item.URL, item.Fields)
		if item.WantSHA256 != "" && err == nil {
			one += " " + item.WantSHA256[:4]
		}
		if item.Ask != nil && err == nil {
			one += fmt.Sprint(" ask ", item.Ask.Header, item.Ask.Mirrors)
		}
		if err != nil {
			one += " " + err.Error()
		}
		all = append(all, strings.TrimSpace(one))
	}
	return strings.Join(all, "\n")
}

// TestTables reads lists that are tables.
func TestTables(t *testing.T) {
	sum := strings.Repeat("ab", 32)
	for _, tt := range []struct{ name, text, want string }{
		{"a.csv", "id,image_url,name\n7,http://a.test/1,\"red, \"\"big\"\"\"\r\n\r\n8,http://a.test/2,<é>\n",
			`2 http://a.test/1 {"id":"7","name":"red, \"big\""}` + "\n" + `4 http://a.test/2 {"id":"8","name":"<é>"}`},
		{"content.txt", "id,image_url\n7,http://a.test/1", `2 http://a.test/1 {"id":"7"}`},
		{"-", "\ufeff\"id\";\"URL\"\n7;http://a.test/1,2", `2 http://a.test/1,2 {"id":"7"}`},
		{"-", "id\turl\n7\thttp://a.test/1", `2 http://a.test/1 {"id":"7"}`},
		{"a.tsv", "url\tsize\nhttp://a.test/1\t5\" wide\n", `2 http://a.test/1 {"size":"5\" wide"}`},
		{"a.CSV", "1,http://a.test/1,x\n2,http://a.test/2,y", `1 http://a.test/1 {"column_1":"1","column_3":"x"}` + "\n" + `2 http://a.test/2 {"column_1":"2","column_3":"y"}`},
		{"a.csv", "http://a.test/1\nhttp://a.test/2", "1 http://a.test/1\n2 http://a.test/2"},
		{"a.csv", "url,a,a,\nhttp://a.test/1,1,2,3,4", `2 http://a.test/1 {"a":"1","a_2":"2","column_4":"3","column_5":"4"}`},
		{"a.csv", "link,url\nhttp://a.test/1,http://me:secret@a.test/2", `2 http://me:secret@a.test/2 {"link":"http://a.test/1"}`},
		{"a.csv", "link,url\nhttp://me:secret@a.test/1,http://a.test/2", `2 http://a.test/2 {"link":"http://a.test/1"}`},
		{"a.csv", "id,url\n1\n2,\n3,word\n4,a\"b\n5,http://a.test/5", `2  {"id":"1"} parse: no URL in the column url` + "\n" + `3  {"id":"2"} parse: no URL in the column url` + "\n" +
			`4 word {"id":"3"} parse: no scheme: an image URL begins with http:// or https://` + "\n" + `5   parse: CSV: bare " in non-quoted-field` + "\n" + `6 http://a.test/5 {"id":"5"}`},
		{"a.csv", "url,note\nhttp://a.test/1,\"two\nlines\"\nhttp://a.test/2,", `2 http://a.test/1 {"note":"two\nlines"}` + "\n" + `4 http://a.test/2 {"note":""}`},
		{"a.csv", "id,bild\n1,http://a.test/1", "list a.csv: no column that looks like the one of the URLs: name it with -url-column; it has id, bild"},
		{"a.csv", "url,SHA256\nhttp://a.test/1," + sum + "\nhttp://a.test/2,\nhttp://a.test/3,abc",
			`2 http://a.test/1 {"SHA256":"` + sum + `"} abab` + "\n" + `3 http://a.test/2 {"SHA256":""}` + "\n" + `4 http://a.test/3 {"SHA256":"abc"} parse: the column sha256 has no SHA-256: abc`},
		{"a.csv", "url,x\nhttp://a.test/1," + strings.Repeat("x", MaxFields), "2 http://a.test/1  parse: the other columns are longer than 65536 bytes"},
		{"a.csv", "url,x\nhttp://a.test/1,\"" + strings.Repeat("x", 2<<20), "list a.csv: a row longer than 1048576 bytes: is there a quote that is not closed?"},
		{"a.csv", "url\n" + strings.Repeat("x", MaxURL+5), "2 " + strings.Repeat("x", 200) + "…  parse: line longer than 65536 bytes"},

		{"a.jsonl", `{"id":7,"url":"http://a.test/1","tags":["a", {"b": null}]}` + "\n\n" + `{"url":"http://a.test/2"}`, `1 http://a.test/1 {"id":7,"tags":["a",{"b":null}]}` + "\n3 http://a.test/2"},
		{"-", `{"url":"http://a.test/1","s":"<\u00e9>"}`, `1 http://a.test/1 {"s":"<é>"}`},
		{"a.ndjson", `{"url":"http://a.test/1"}` + "\nword\n[]\n{\"url\":5}\n{\"url\":null}\n{\"x\":1}",
			"1 http://a.test/1\n2   parse: not a JSON object on a line of its own\n3   parse: not a JSON object on a line of its own\n4 5  parse: the URL in url is no string\n5   parse: no URL in the column url\n6  {\"x\":1} parse: no URL in the column url"},
		{"a.csv", "url,Referer,url_2,mirror,url2x\nhttp://a.test/1,http://p.test/,http://a.test/2,http://a.test/1,x\nhttp://a.test/3,,,,\n,,\"<http://a.test/4>\",word,\nword,,,http://a.test/5,\nhttp://a.test/6,a\x01,,,",
			`2 http://a.test/1 {"Referer":"http://p.test/","url_2":"http://a.test/2","mirror":"http://a.test/1","url2x":"x"} ask map[Referer:[http://p.test/]] [http://a.test/2]` + "\n" +
				`3 http://a.test/3 {"Referer":"","url_2":"","mirror":"","url2x":""}` + "\n" +
				`4 http://a.test/4 {"Referer":"","url_2":"<http://a.test/4>","mirror":"word","url2x":""} ask map[] []` + "\n" +
				`5 http://a.test/5 {"Referer":"","url_2":"","mirror":"http://a.test/5","url2x":""} ask map[] []` + "\n" +
				`6 http://a.test/6 {"Referer":"a\u0001","url_2":"","mirror":"","url2x":""} parse: the column referer has a control character`},
		{"a.csv", "image 3,image 1,image 2,image\nhttp://a.test/3,http://a.test/1,http://a.test/2,http://a.test/0", `2 http://a.test/0 {"image 3":"http://a.test/3","image 1":"http://a.test/1","image 2":"http://a.test/2"} ask map[] [http://a.test/3 http://a.test/2]`},
		{"a.jsonl", `{"url":"http://a.test/1","mirrors":["http://a.test/2",5]}` + "\n" + `{"url":"http://a.test/1","mirrors":["http://a.test/2"],"referer":"r"}`,
			`1 http://a.test/1 {"mirrors":["http://a.test/2",5]} parse: the URLs in mirrors are no strings` + "\n" + `2 http://a.test/1 {"mirrors":["http://a.test/2"],"referer":"r"} ask map[Referer:[r]] [http://a.test/2]`},
		{"a.jsonl", `{"bild":"http://a.test/1"}`, "list a.jsonl: no column that looks like the one of the URLs: name it with -url-column; it has bild"},
		{"a.jsonl", `{"url":"http://a.test/1","s":"` + strings.Repeat("x", 2<<20) + "\"}\n{\"url\":\"http://a.test/2\"}", "1   parse: a line of JSON longer than 1048576 bytes\n2 http://a.test/2"},
		{"a.jsonl", `{"url":"http://a.test/1","sha256":"` + sum + `"}`, `1 http://a.test/1 {"sha256":"` + sum + `"} abab`},
	} {
		for how, r := range map[string]io.Reader{"at once": strings.NewReader(tt.text), "byte by byte": iotest.OneByteReader(strings.NewReader(tt.text))} {
			if got := rows(t, List{Name: tt.name, Body: r}); tidy(got) != tidy(tt.want) {
				t.Errorf("%s: %.200q, %s:\ngot  %.500s\nwant %.500s", tt.name, tt.text, how, got, tt.want)
			}
		}
	}
}

// tidy leaves out the spaces where something is empty.
func tidy(text string) string { return strings.Join(strings.Fields(text), " ") }

// TestURLColumn names the column of the URLs, and hears which one is guessed.
func TestURLColumn(t *testing.T) {
	const text = "id,image,url\n1,http://a.test/i,http://a.test/u"
	for want, url := range map[string]string{"": "u", "image": "i", "IMAGE": "i", "2": "i", "3": "u"} {
		said := ""
		got := rows(t, List{Name: "a.csv", URLColumn: want, Body: strings.NewReader(text), Chosen: func(list, column string) { said = list + " " + column }})
		if !strings.HasPrefix(got, "2 http://a.test/"+url+" ") || (said == "a.csv url") != (want == "") {
			t.Errorf("%q: %s, said %q", want, got, said)
		}
	}
	if got := rows(t, List{Name: "a.csv", URLColumn: "4", Body: strings.NewReader(text)}); got != "list a.csv: no column 4: it has id, image, url" {
		t.Error(got)
	}
}

// TestHeaders has tables with a header, which is passed on as it is, and without one, which is
// made, with the same separator.
func TestHeaders(t *testing.T) {
	for text, want := range map[string]string{
		"id;URL\n1;http://a.test/1": "id;URL\n", "1;http://a.test/1;x": "column_1;url;column_3\n", "1\thttp://a.test/1": "column_1\turl\n", "1,http://a.test/1": "column_1,url\n",
	} {
		var form Form
		rows(t, List{Name: "a.csv", Format: CSV, Body: strings.NewReader(text), Begin: func(f Form) { form = f }})
		if form.Header != want {
			t.Errorf("%q: %q, want %q", text, form.Header, want)
		}
	}
}

// TestFormatsInsisted reads one text as each format.
func TestFormatsInsisted(t *testing.T) {
	const text = "http://a.test/1,2\n"
	for format, want := range map[Format]string{
		"": "1 http://a.test/1,2", Text: "1 http://a.test/1,2", CSV: `1 http://a.test/1 {"column_2":"2"}`, TSV: "1 http://a.test/1,2",
		JSONL: "1 parse: not a JSON object on a line of its own",
	} {
		if got := rows(t, List{Name: "a.txt", Format: format, Body: strings.NewReader(text)}); tidy(got) != want {
			t.Errorf("%s: %s, want %s", format, got, want)
		}
	}
}

// pack compresses a text.
func pack(t testing.TB, text string, with func(io.Writer) (io.WriteCloser, error)) []byte {
	t.Helper()
	var b bytes.Buffer
	w, err := with(&b)
	if err == nil {
		_, err = io.WriteString(w, text)
	}
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// packed returns a text in each form of compression.
func packed(t testing.TB, text string) map[string][]byte {
	return map[string][]byte{
		"gz":  pack(t, text, func(w io.Writer) (io.WriteCloser, error) { return gzip.NewWriter(w), nil }),
		"zst": pack(t, text, func(w io.Writer) (io.WriteCloser, error) { return zstd.NewWriter(w) }),
		"xz":  pack(t, text, func(w io.Writer) (io.WriteCloser, error) { return xz.NewWriter(w) }),
	}
}

// TestCompressed reads compressed lists, and lists whose end is missing.
func TestCompressed(t *testing.T) {
	utf16 := "\xfe\xff" + utf16be("id,url\n7,http://a.test/1\n")
	for _, text := range []string{"id,url\n7,http://a.test/1\n", utf16} {
		for ext, data := range packed(t, text) {
			for name, want := range map[string]string{"a.csv." + ext: `2 http://a.test/1 {"id":"7"}`, "-": `2 http://a.test/1 {"id":"7"}`} {
				if got := rows(t, List{Name: name, Body: bytes.NewReader(data)}); got != want {
					t.Errorf("%s: %s", name, got)
				}
			}
			got := rows(t, List{Name: "a.csv." + ext, Body: bytes.NewReader(data[:len(data)-3])})
			if !strings.Contains(got, "list a.csv."+ext+": ") {
				t.Errorf("%s: cut: %s", ext, got)
			}
		}
	}
	if got := rows(t, List{Name: "a", Body: bytes.NewReader(append(packed(t, u+"\n")["gz"], packed(t, u)["gz"]...))}); got != "1 "+u+"\n2 "+u {
		t.Errorf("two gzip members: %s", got)
	}
}

// FuzzTables reads random bytes in each format. Entries are in order, and counted alike.
// Their columns are a JSON object.
func FuzzTables(f *testing.F) {
	for _, text := range []string{"id,url\n7,http://a.test/1\n", "\xff\xfeu\x00r\x00l\x00", "a\turl\n\"x", `{"url":"http://a.test/1","x":[1, "\ud800"]}` + "\n{}\nx", "url,url,\n\"a\"b,c,http://a.test/é\xff",
		"http://a.test/1\thttp://b.test/\n  out=x\n header=a: b\n#\n\n\tchecksum=sha-256=1\nx\n"} {
		for format := range len(Formats()) {
			f.Add([]byte(text), format)
		}
		for _, data := range packed(f, text) {
			f.Add(data, 1)
		}
	}
	f.Add([]byte("BZh91AY&SY\x00"), 0)
	f.Fuzz(func(t *testing.T, data []byte, format int) {
		formats := append([]Format{""}, Formats()...)
		l := List{Name: "list", Format: formats[uint(format)%uint(len(formats))], Body: bytes.NewReader(data)}
		checkRows(t, l, func() List { l.Body = bytes.NewReader(data); return l })
	})
}

// checkRows checks what holds for the entries of every list.
func checkRows(t *testing.T, l List, again func() List) {
	entries, line := 0, 0
	broken := false
	for item, err := range Read(l) {
		if _, ok := err.(*Error); err != nil && !ok {
			broken = true
			break
		}
		if item.Index != entries || item.Line <= line {
			t.Fatalf("entry %d: %+v after line %d", entries, item, line)
		}
		if err == nil && item.URL == "" {
			t.Error("no URL, and no error")
		}
		var back Fields
		if err := back.UnmarshalJSON([]byte(item.Fields)); item.Fields != "" && (err != nil || back != item.Fields || len(back) > MaxFields) {
			t.Errorf("fields %q, %v", item.Fields, err)
		}
		entries, line = entries+1, item.Line
	}
	if n, err := again().Count(); !broken && (n != entries || err != nil) {
		t.Errorf("counted %d, %v; read %d", n, err, entries)
	}
}
