package naming

import (
	"strings"
	"testing"

	"grab/downloader"
)

// TestParseErrors has the texts of the errors, which name the place.
func TestParseErrors(t *testing.T) {
	long := strings.Repeat("a", maxTemplate-len("{index}"))
	if _, err := Parse(long + "{index}"); err != nil {
		t.Errorf("the longest template: %v", err)
	}
	for template, want := range map[string]string{
		"": "a name has 1 to 1000 bytes", long + "{index}x": "a name has 1 to 1000 bytes", "a\x7f{index}": `"a\x7f{index}" has a control character`,
		"/{index}": `"/{index}": names are relative to the output directory, and / makes folders`, `\{index}`: `"\\{index}": names are relative to the output directory, and / makes folders`,
		"{index": `"{index": { without }`, "a}": `"a}": } without {`, "}": `"}": } without {`, "{}": `"{}": {} has no field`, "{a|}": `"{a|}": {a|} has no field`, "{:06}": `"{:06}": {:06} has no field`,
		"{index:6}": `"{index:6}": {index:6}: :6 is for sha256, and :06 for index and line`, "{index:021}": `"{index:021}": {index:021}: :021 is for sha256, and :06 for index and line`, "{index:00}": `"{index:00}": {index:00}: :00 is for sha256, and :06 for index and line`,
		"{index:}": `"{index:}": {index:}: : is for sha256, and :06 for index and line`, "{id:06}": `"{id:06}": {id:06}: :06 is for sha256, and :06 for index and line`, "{date:2}{index}": `"{date:2}{index}": {date:2}: :2 is for sha256, and :06 for index and line`,
		"{sha256:0}": `"{sha256:0}": {sha256:0}: 1 to 64 digits`, "{sha256:65}": `"{sha256:65}": {sha256:65}: 1 to 64 digits`, "{sha256:x}": `"{sha256:x}": {sha256:x}: 1 to 64 digits`,
		"{index|sha256}": `"{index|sha256}": {index|sha256}: each image has sha256`, "{ext|index}": `"{ext|index}": {ext|index}: each image has ext`,
		"{sha256}": `"{sha256}" has no field of the list, such as {index}: equal images would have one name`, ".{ext}": ``, "{ext}": `"{ext}" has no field of the list, such as {index}: equal images would have one name`,
		"a{date}": `"a{date}" has no field of the list, such as {index}: equal images would have one name`,
	} {
		switch _, err := Parse(template); {
		case want == "" && err != nil:
			t.Errorf("%.40q: %v", template, err)
		case want != "" && (err == nil || err.Error() != want):
			t.Errorf("%.40q: %v, want %s", template, err, want)
		}
	}
	for _, template := range []string{"{index:01}", "{line:020}", "{sha256:1}{index}", "{sha256:64}{index}", "name", "a}}b", "{{", "x{{{index}"} {
		if _, err := Parse(template); err != nil {
			t.Errorf("%q: %v", template, err)
		}
	}
}

// TestColumns has cells of each kind.
func TestColumns(t *testing.T) {
	c := &columns{fields: `{"A":" x ","b":12,"c":true,"d":null,"e":{"f":1},"g":["h"],"a":"exact","i":""}`}
	for column, want := range map[string]string{"A": "x", "a": "exact", "B": "12", "b": "12", "C": "true", "d": "", "e": "", "g": "", "i": ""} {
		if got, ok := c.of(column); got != want || !ok {
			t.Errorf("%s: %q, %v, want %q", column, got, ok, want)
		}
	}
	for _, column := range []string{"", "f", "h", "j"} {
		if got, ok := c.of(column); got != "" || ok {
			t.Errorf("%s: %q", column, got)
		}
	}
	if got, ok := (&columns{}).of("a"); got != "" || ok {
		t.Errorf("no row: %q", got)
	}
	for fields, want := range map[downloader.Fields]string{
		"": "", "{}": "", `{"filename":"x"}`: "x", `{"FILENAME":" y "}`: "y", `{"a":"\"filename\"","filename":"z"}`: "z", `{"afilename":"x"}`: "", `{"a":"filename","b":1}`: "", `{"filename":7}`: "7", `{"x":{"filename":"inner"}}`: "", `"filename":`: "",
	} {
		if got := filename(fields); got != want {
			t.Errorf("%s: %q, want %q", fields, got, want)
		}
	}
}

// TestHostNames has ports, and none.
func TestHostNames(t *testing.T) {
	for _, c := range [][3]string{
		{"http", "A.test", "a.test"}, {"http", "a.test:80", "a.test"}, {"http", "a.test:443", "a.test+443"}, {"https", "a.test:443", "a.test"}, {"https", "a.test:80", "a.test+80"}, {"http", "[::1]", "::1"}, {"http", "[::1]:80", "::1"}, {"http", "[::1]:8", "::1+8"}, {"http", "a\x00/b", "a__b"},
	} {
		if got := hostName(c[0], c[1]); got != c[2] {
			t.Errorf("%s, %s: %s, want %s", c[0], c[1], got, c[2])
		}
	}
	for url, want := range map[string][3]string{
		"http://u:p@h.test/a/b.c?d/e#f/g": {"a", "b", "a/b.c"}, "http://h.test?x/y": {"", "", ""}, "http://h.test/.hidden": {"", ".hidden", ".hidden"}, "http://h.test//a//": {"", "a", "a"}, "no URL": {"", "", ""}, "http://h.test/a%/b": {"a%", "b", "a%/b"},
	} {
		v := valuesOf{item: downloader.Item{URL: url}}
		if got := [3]string{v.of(field{name: "dir"}), v.of(field{name: "stem"}), v.of(field{name: "path"})}; got != want {
			t.Errorf("%s: %q, want %q", url, got, want)
		}
	}
	v := valuesOf{item: downloader.Item{Index: 0, Line: 12}}
	for f, want := range map[field]string{{"index", 0}: "0", {"index", 3}: "000", {"line", 0}: "12", {"line", 3}: "012", {"line", 1}: "12"} {
		if got := v.of(f); got != want {
			t.Errorf("%v: %s, want %s", f, got, want)
		}
	}
}

// TestUnique has entries whose names others have.
func TestUnique(t *testing.T) {
	template, err := Parse("{id}")
	if err != nil {
		t.Fatal(err)
	}
	src := func(yield func(downloader.Item, error) bool) {
		for i, fields := range []downloader.Fields{`{"id":"a"}`, `{"id":"A"}`, `{"id":"b"}`, `{}`, `{"id":"c","filename":"b.png"}`} {
			if !yield(downloader.Item{Index: i, Fields: fields}, nil) {
				return
			}
		}
	}
	for unique, want := range map[bool]string{false: "a A-2 b - b-2", true: "a - b - -"} {
		var got []string
		for item, err := range (Rule{Template: template, Unique: unique}).Apply(src) {
			if err != nil {
				item.Name = "-"
			}
			got = append(got, item.Name)
		}
		if text := strings.Join(got, " "); text != want {
			t.Errorf("unique %v: %s, want %s", unique, text, want)
		}
	}
	n := 0
	for range (Rule{Template: template}).Apply(src) {
		if n++; n == 2 {
			break
		}
	}
	if n != 2 {
		t.Errorf("%d items", n)
	}
}
