package list_test

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/iotest"

	. "grab/downloader"
	. "grab/downloader/list"
)

// entry is what a list yields for one line.
type entry struct {
	line  int
	url   string
	class Class
}

func read(t testing.TB, src Source) ([]entry, error) {
	t.Helper()
	var all []entry
	for item, err := range src {
		e := entry{line: item.Line, url: item.URL}
		if bad, ok := err.(*Error); ok {
			e.class = bad.Class
		} else if err != nil {
			return all, err
		}
		if item.Index != len(all) {
			t.Errorf("index %d after %d entries", item.Index, len(all))
		}
		all = append(all, e)
	}
	return all, nil
}

func countEntries(r io.Reader) (int, error) { return List{Name: "list.txt", Body: r}.Count() }

func source(body io.Reader) Source { return Read(List{Name: "list.txt", Body: body}) }

const u = "http://a.test/1.jpg"

// utf16be returns an ASCII text in UTF-16.
func utf16be(text string) (coded string) {
	for _, c := range []byte(text) {
		coded += "\x00" + string(rune(c))
	}
	return coded
}

func TestList(t *testing.T) {
	long := "http://a.test/" + strings.Repeat("x", MaxURL-14)
	for _, tt := range []struct {
		name, text string
		want       []entry
	}{
		{"empty", "", nil},
		{"one", u, []entry{{1, u, ""}}},
		{"no last newline", u + "\n" + u, []entry{{1, u, ""}, {2, u, ""}}},
		{"blank lines", "\n \n\t\n" + u + "\n\n", []entry{{4, u, ""}}},
		{"CRLF", u + "\r\n\r\n" + u + "\r\n", []entry{{1, u, ""}, {3, u, ""}}},
		{"byte order mark", "\ufeff" + u + "\n", []entry{{1, u, ""}}},
		{"byte order mark and comment", "\ufeff# list\n" + u, []entry{{2, u, ""}}},
		{"byte order mark alone", "\ufeff", nil},
		{"byte order mark later", u + "\n\ufeff" + u, []entry{{1, u, ""}, {2, u, ""}}},
		{"comments", "# one\n  # two\n#\n" + u + "#fragment\n", []entry{{4, u + "#fragment", ""}}},
		{"white space around", " \t" + u + " \t \n", []entry{{1, u, ""}}},
		{"duplicates", u + "\n" + u + "\n", []entry{{1, u, ""}, {2, u, ""}}},
		{"commas", u + "?a,b\n" + u + "," + u, []entry{{1, u + "?a,b", ""}, {2, u + "," + u, ""}}},
		{"query and port", "https://u:p@a.test:8443/x?y=z&w#f", []entry{{1, "https://u:p@a.test:8443/x?y=z&w#f", ""}}},
		{"IPv6", "http://[::1]:80/x", []entry{{1, "http://[::1]:80/x", ""}}},
		{"not ASCII", "http://a.test/bär.jpg", []entry{{1, "http://a.test/bär.jpg", ""}}},
		{"upper case scheme", "HTTP://a.test/", []entry{{1, "HTTP://a.test/", ""}}},

		{"ftp", "ftp://a.test/1.jpg", []entry{{1, "ftp://a.test/1.jpg", ClassURL}}},
		{"file", "file:///etc/passwd", []entry{{1, "file:///etc/passwd", ClassURL}}},
		{"data", "data:image/gif;base64,AAAA", []entry{{1, "data:image/gif;base64,AAAA", ""}}},
		{"bare word", "word", []entry{{1, "word", ClassURL}}},
		{"bare host", "a.test/1.jpg", []entry{{1, "a.test/1.jpg", ClassURL}}},
		{"option", "-rf", []entry{{1, "-rf", ClassURL}}},
		{"no host", "http://", []entry{{1, "http://", ClassURL}}},
		{"no host but a path", "http:///1.jpg", []entry{{1, "http:///1.jpg", ClassURL}}},
		{"no host but a port", "http://:80/", []entry{{1, "http://:80/", ClassURL}}},
		{"no slashes", "http:a.test/1.jpg", []entry{{1, "http:a.test/1.jpg", ClassURL}}},
		{"bad port", "http://a.test:x/", []entry{{1, "http://a.test:x/", ClassURL}}},
		{"port too high", "http://a.test:99999/", []entry{{1, "http://a.test:99999/", ClassURL}}},
		{"bad escape", "http://a.test/%zz", []entry{{1, "http://a.test/%zz", ""}}},
		{"bracket", "http://[::1/", []entry{{1, "http://[::1/", ClassURL}}},
		{"space inside", "http://a.test/a b.jpg", []entry{{1, "http://a.test/a b.jpg", ""}}},
		{"tab columns", u + "\tcaption", []entry{{1, u + `\tcaption`, ClassURL}}},
		{"lone CR", u + "\r" + u, []entry{{1, u + `\r` + u, ClassURL}}},
		{"NUL", "http://a.test/\x00", []entry{{1, `http://a.test/\x00`, ClassURL}}},
		{"escape sequence", "http://a.test/\x1b[31m", []entry{{1, `http://a.test/\x1b[31m`, ClassURL}}},
		{"not UTF-8", "http://a.test/\xff.jpg", []entry{{1, `http://a.test/\xff.jpg`, ClassURL}}},
		{"UTF-16", "\xff\xfeh\x00t\x00", []entry{{1, "ht", ClassURL}}},
		{"UTF-16, big-endian", "\xfe\xff" + utf16be(u+"\r\n"+u), []entry{{1, u, ""}, {2, u, ""}}},

		{"bad ones cost the others nothing", u + "\nword\n" + u, []entry{{1, u, ""}, {2, "word", ClassURL}, {3, u, ""}}},
		{"longest line", long + "\n" + u, []entry{{1, long, ""}, {2, u, ""}}},
		{"longest line, CRLF", long + "\r\n" + u, []entry{{1, long, ""}, {2, u, ""}}},
		{"longest line at the end", long, []entry{{1, long, ""}}},
		{"too long by one", long + "x\n" + u, []entry{{1, long[:200] + "…", ClassURL}, {2, u, ""}}},
		{"too long by two", long + "xx\n" + u, []entry{{1, long[:200] + "…", ClassURL}, {2, u, ""}}},
		{"too long at the end", long + "xx", []entry{{1, long[:200] + "…", ClassURL}}},
		{"a megabyte", strings.Repeat("y", 1<<20) + "\n" + u, []entry{{1, strings.Repeat("y", 200) + "…", ClassURL}, {2, u, ""}}},
		{"a megabyte of comment", "#" + strings.Repeat("y", 1<<20) + "\n" + u, []entry{{2, u, ""}}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			for name, r := range map[string]io.Reader{
				"at once": strings.NewReader(tt.text), "byte by byte": iotest.OneByteReader(strings.NewReader(tt.text)),
				"with its end": iotest.DataErrReader(strings.NewReader(tt.text)),
			} {
				got, err := read(t, source(r))
				if fmt.Sprint(got) != fmt.Sprint(tt.want) || err != nil {
					t.Errorf("%s: %.400s, %v; want %.400s", name, fmt.Sprint(got), err, fmt.Sprint(tt.want))
				}
			}
			if n, err := countEntries(strings.NewReader(tt.text)); n != len(tt.want) || err != nil {
				t.Errorf("counted %d, %v", n, err)
			}
		})
	}
}

// TestListsInTheirOrder checks that files, URLs and standard input are read as one list.
func TestListsInTheirOrder(t *testing.T) {
	name := filepath.Join(t.TempDir(), "list")
	if err := os.WriteFile(name, []byte("\ufeff# c\nhttp://file.test/\n"), 0o666); err != nil {
		t.Fatal(err)
	}
	args := []string{name, "http://argument.test/", "-", "ftp://no.test/", name}
	src, done, err := Open(t.Context(), args, strings.NewReader("\n\nhttp://stdin.test/"), List{})
	if err != nil {
		t.Fatal(err)
	}
	defer done()
	want := []entry{{2, "http://file.test/", ""}, {0, "http://argument.test/", ""}, {3, "http://stdin.test/", ""}, {0, "ftp://no.test/", ClassURL}, {2, "http://file.test/", ""}}
	if got, err := read(t, src); fmt.Sprint(got) != fmt.Sprint(want) || err != nil {
		t.Errorf("%v, %v", got, err)
	}
	if n := Count(t.Context(), args, List{}); n != 0 {
		t.Errorf("counted %d entries, though standard input can be read only once", n)
	}
	if n := Count(t.Context(), append(args[:2:2], args[3:]...), List{}); n != 4 {
		t.Errorf("counted %d entries", n)
	}
}

// TestListsThatCannotBeOpened checks that Open refuses files that are missing or folders.
func TestListsThatCannotBeOpened(t *testing.T) {
	for _, name := range []string{filepath.Join(t.TempDir(), "missing"), t.TempDir()} {
		_, _, err := Open(t.Context(), []string{"http://a.test/", name}, strings.NewReader(""), List{})
		if path, ok := errors.AsType[*os.PathError](err); !ok || path.Path != name {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestReadError reads a list that breaks off. Part of a line is no entry, since half
// a URL is another URL.
func TestReadError(t *testing.T) {
	broken := errors.New("disk on fire")
	got, err := read(t, source(io.MultiReader(strings.NewReader(u+"\nhttp://a.test/2"), iotest.ErrReader(broken))))
	if fmt.Sprint(got) != fmt.Sprint([]entry{{1, u, ""}}) || !errors.Is(err, broken) || !strings.Contains(err.Error(), "list.txt") {
		t.Errorf("%v, %v", got, err)
	}
	if _, err := countEntries(iotest.ErrReader(broken)); !errors.Is(err, broken) {
		t.Errorf("counted: %v", err)
	}
}
