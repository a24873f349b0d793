package naming

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"grab/downloader"
	"grab/downloader/sink"
)

func nameOf(t *testing.T, template string, item downloader.Item) (string, error) {
	t.Helper()
	parsed, err := Parse(template)
	if err != nil {
		t.Fatal(err)
	}
	pattern, err := parsed.Pattern(item)
	return sink.Fill(pattern, ".jpg", strings.Repeat("0123456789abcdef", 4), time.Unix(0, 0)), err
}

// TestPattern has the fields of templates.
func TestPattern(t *testing.T) {
	item := downloader.Item{
		Index: 7, Line: 9, URL: "https://u:p@Images.Example:8443/a/b%20c/D.tar.JPEG?x=1#y",
		Fields: `{"id":"x/7","Category":"Home & Garden","category":"Home & Garden","empty":" ","evil":"../../etc\u0000d","number":1e3,"null":null,"list":["a"],"Größe":"L"}`,
	}
	for template, want := range map[string]string{
		"{index}": "7.jpg", "{index:06}": "000007.jpg", "{line:03}-{index}": "009-7.jpg",
		"{host}": "images.example+8443.jpg", "{path}": "a/b c/D.tar.jpg", "{dir}/{stem}": "a/b c/D.tar.jpg", "{base}": "D.tar.jpg",
		"url": "images.example+8443/a/b c/D.tar.jpg", "base": "D.tar.jpg",
		"{index}{ext}": "7.jpg", "{index}.{ext}": "7.jpg", "{ext}/{index}": "jpg/7.jpg", "{ext}-{index}.x": "jpg-7.x.jpg",
		"{sha256:2}/{index}": "01/7.jpg", "{date}/{index}": "1970-01-01/7.jpg",
		"{category}/{id}": "Home & Garden/x_7.jpg", "{id|index}": "x_7.jpg", "{empty|none|index:03}": "007.jpg", "{evil}/{index}": "_.._.._etc_d/7.jpg", "{ID}": "x_7.jpg", "{number}": "1e3.jpg", "{null|list|index}": "7.jpg", "{größe}": "L.jpg",
		"{{{index}}}": "{7}.jpg", "photo.jpg-{index}": "photo.jpg-7.jpg",
	} {
		if got, err := nameOf(t, template, item); got != want || err != nil {
			t.Errorf("%s: %q, want %q, %v", template, got, want, err)
		}
	}
	for url, want := range map[string]string{
		"http://a.test": "a.test/7.jpg", "http://a.test/": "a.test/7.jpg", "HTTP://A.test:80/x/": "a.test/x.jpg", "http://[::1]:81/x": "__1+81/x.jpg",
		"http://a.test/%2e%2e/%2e%2e/x": "a.test/_/_/x.jpg", "http://a.test/a%2fb": "a.test/a_b.jpg", "http://a.test/%00%zz": "a.test/_%zz.jpg",
		"http://bücher.test/ü": "xn--bcher-kva.test/ü.jpg", "data:image/gif;base64,AAAA": "data/7.jpg",
	} {
		if got, err := nameOf(t, "url", downloader.Item{Index: 7, URL: url}); got != want || err != nil {
			t.Errorf("%s: %q, want %q, %v", url, got, want, err)
		}
	}
	for template, missing := range map[string]string{
		"{id}": "no column id: -name {id|index} would take the place in the list", "{line}": "no line: -name {line|index} would take the place in the list",
		"a{id|other}": "no column other: -name {other|index} would take the place in the list", "{stem}": "no stem: -name {stem|index} would take the place in the list",
		"{empty}": "the column empty is empty: -name {empty|index} would take the place in the list",
	} {
		_, err := nameOf(t, template, downloader.Item{URL: "http://a.test", Fields: `{"empty":""}`})
		if e, ok := errors.AsType[*MissingError](err); !ok || e.Error() != missing {
			t.Errorf("%s: %v", template, err)
		}
	}
}

// TestParseRefuses has templates that are mistakes.
func TestParseRefuses(t *testing.T) {
	for _, template := range []string{
		"", "{", "}", "{}", "{index", "index}", "{index|}", "{index:6}", "{index:0}", "{index:099}", "{host:03}", "{sha256:0}{index}", "{sha256:65}{index}", "{sha256|index}",
		"/abs/{index}", `a\{index}`, "a\n{index}", "{sha256}", "{date}", "{ext}", "{sha256:2}/{date}.{ext}", strings.Repeat("a", maxTemplate+1), "{date:2}{",
	} {
		if _, err := Parse(template); err == nil {
			t.Errorf("%q is a template", template)
		}
	}
}

// TestConflicts numbers names that some file system takes for the same.
func TestConflicts(t *testing.T) {
	names := taken{next: map[uint64]uint32{}}
	for _, c := range [][2]string{
		{"a", "a"}, {"A", "A-2"}, {"a-2", "a-2-2"}, {"a", "a-3"}, {"b-2", "b-2"}, {"b", "b"}, {"b", "b-3"}, {"a-3", "a-3-2"}, {"straße", "straße"}, {"STRASSE", "STRASSE-2"},
	} {
		if got := names.take(c[0]); got != c[1] {
			t.Errorf("%s: %s, want %s", c[0], got, c[1])
		}
	}
	long := strings.Repeat("x", 120)
	if names.take(long); names.take(long) != long[:118]+"-2" {
		t.Error("a long name has no number")
	}
}

// TestFilenames has rows with and without a filename.
func TestFilenames(t *testing.T) {
	for _, c := range []struct {
		template  string
		filenames []string
		want      string
	}{
		{"", []string{"", "", ""}, " "},
		{"", []string{"a.jpg", "", "b/c.PNG"}, "a image_1 b/c"},
		{"", []string{"", "image_0.jpg", "image_2.jpg", "image_2", "image_4", "image_3"}, " image_0-2 image_2 image_2-2 image_4 image_3"},
		{"", []string{"", "image_2.jpg", "", "x.txt"}, " image_2 image_2-2 x.txt"},
		{"", []string{"../../x", "/etc/passwd", "a\x00b", "con", "IMAGE_0"}, "_/_/x etc/passwd a_b _con IMAGE_0"},
		{"n{index}", []string{"", "n0.gif", " ", "n1"}, "n0 n0-2 n2 n1"},
	} {
		rule := Rule{}
		if c.template != "" {
			rule.Template, _ = Parse(c.template)
		}
		src := func(yield func(downloader.Item, error) bool) {
			for i, name := range c.filenames {
				object := downloader.AppendField(downloader.AppendField(nil, "x", `"filename":"no"`), "FileName", name)
				if !yield(downloader.Item{Index: i, Fields: downloader.Fields(append(object, '}'))}, nil) {
					return
				}
			}
		}
		var got []string
		for item, err := range rule.Apply(src) {
			if err != nil {
				t.Error(err)
			}
			got = append(got, item.Name)
		}
		if text := strings.Join(got, " "); strings.TrimSpace(text) != strings.TrimSpace(c.want) {
			t.Errorf("%q: %q, want %q", c.filenames, text, c.want)
		}
	}
}

// FuzzNames gives names to three entries by any template. The names are portable and
// differ, and are the same in a second run.
func FuzzNames(f *testing.F) {
	for _, template := range []string{"url", "base", "{host}/{path}", "{dir}/{stem|index:04}.{ext}", "{sha256:2}{id}", "{date}{{", "{x}{ext}{sha256:1}{x}"} {
		f.Add(template, "http://a.test/b/c.jpg", "http://b.test/%2e%2e/C.JPG", "value/../x")
	}
	f.Fuzz(func(t *testing.T, text, one, two, value string) {
		template, err := Parse(text)
		if err != nil {
			return
		}
		rule := Rule{Template: template}
		src := func(yield func(downloader.Item, error) bool) {
			for i, url := range []string{one, two, one, one + "-2", value} {
				object := downloader.AppendField(nil, []string{"x", "id", "filename"}[i%3], value)
				item := downloader.Item{Index: i, Line: i + 1, URL: url, Fields: downloader.Fields(append(object, '}'))}
				if !yield(item, nil) {
					return
				}
			}
		}
		var runs [2]string
		for run := range runs {
			folded := map[string]bool{}
			for item, err := range rule.Apply(src) {
				if err != nil {
					runs[run] += fmt.Sprintln(err)
					continue
				}
				if key := sink.Fold(item.Name); folded[key] {
					t.Fatalf("%q: %q twice", text, item.Name)
				} else {
					folded[key] = true
				}
				if name := sink.Fill(item.Name, ".png", strings.Repeat("0", 64), time.Unix(0, 0)); !sink.IsGiven(name) {
					t.Fatalf("%q: %q is not known for grab's", text, name)
				}
				runs[run] += item.Name + "\n"
			}
		}
		if runs[0] != runs[1] {
			t.Fatalf("%q: %q and %q", text, runs[0], runs[1])
		}
	})
}
