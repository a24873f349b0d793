package entry

import (
	"strings"
	"testing"
)

// TestExamine has entries that are URLs, and what is said of others.
func TestExamine(t *testing.T) {
	const (
		csv, tabs = "this looks like CSV: read it with -list-format csv", "this looks like a table with tabs: read it with -list-format tsv"
		json      = "this looks like JSON: write an object on each line, and read it with -list-format jsonl"
		none      = "no scheme: an image URL begins with http:// or https://"
		words     = "words before the URL: write the URL alone"
		several   = "more than one URL on a line: write each on a line of its own"
		quote     = "a quote before the URL and none after it, or more than the URL between them"
		aria2     = "this looks like an option of aria2: read the list with -list-format aria2"
	)
	host := strings.Repeat("a", 54) + ".test/x"
	for raw, want := range map[string]string{
		"http://a.test/": "", "HTTPS://a.test/": "", "data:,x": "", "data:,{\"a\": \"http://a.test\"}": "", "http://a.test/a b;c,d": "",
		"http://a.test/ http://a.test/": several, "http://a.test/ https://a.test/": several, "a http://a.test/": words, "a https://a.test/": words,
		"http://a.test/,\"x\"": csv, "http://a.test/;\"x\"": csv, "http://a.test/\tx": tabs, "x\thttp://a.test/": tabs,
		"x,http://a.test/": csv, "'x';y": csv, "\"x,y": csv, "x,y": "no URL; if this is CSV: read it with -list-format csv", "x;y": "no URL; if this is CSV: read it with -list-format csv",
		"\"http://a.test/": quote, "'http://a.test/": quote, "x\ty": none, "data:,\t": "tab (U+0009) inside the URL: take it out, or write it in percent-encoding",
		"{": json, "[x": json, "\"a\": 1": json, "\"a\"": none, "<a": "this looks like HTML or XML: write its URLs to a list, one on each line",
		"out=x": aria2, "http-user2=": aria2, "=x": none, "Out=x": none, "o_t=x": none,
		"ftp://a.test/": "scheme ftp is not fetched: only http, https and data are", "mailto:x": "scheme mailto is not fetched: only http, https and data are",
		"a.test": "no scheme: write https://a.test", "atest": none, ".atest.": none, "a .test": none, "a.test/\\": none, "a\\.test": none,
		host: "no scheme: write https://…", host[1:]: "no scheme: write https://" + host[1:], "//" + host[2:]: "no scheme: write https:…", "//" + host[3:]: "no scheme: write https://" + host[3:],
		"//me@a.test": "no scheme: write https:…", "": none,
		"\xff\xfeh": "this looks like UTF-16: save the list as UTF-8", "\xfe\xffh": "this looks like UTF-16: save the list as UTF-8", "h\xff\xfe": "not valid UTF-8",
		"http://a.test/\r": "carriage return (U+000D) inside the URL: take it out, or write it in percent-encoding", "http://a.test/\x7f": "control character (U+007F) inside the URL: take it out, or write it in percent-encoding",
		"http://a.test/\u200b\t": "zero-width space (U+200B) inside the URL: take it out, or write it in percent-encoding",
	} {
		if got := Examine(raw); got != want {
			t.Errorf("%q: %q, want %q", raw, got, want)
		}
	}
}

// TestIsPlain has URLs that need no look, and others that need one.
func TestIsPlain(t *testing.T) {
	for raw, want := range map[string]bool{
		"http://a.test/x;y": true, "http://a.test/x&amp": true, "http://a.test/x&amp;": false, "http://a.test/;&amp": true, "http://a.test/ä": false, "x": false,
	} {
		if got := IsPlain(raw); got != want {
			t.Errorf("%q: %t", raw, got)
		}
	}
}

// TestTrim has white space and invisible characters at either end. The first of the latter is
// named.
func TestTrim(t *testing.T) {
	for text, want := range map[string]struct {
		inside string
		first  rune
	}{
		"": {}, " \t\n\v\f\r": {}, " a b ": {"a b", 0}, "\u200b": {"", 0x200b}, "\u00a0a": {"a", 0xa0}, "a\u200b": {"a", 0x200b},
		"\u200b a \u00a0": {"a", 0x200b}, "é": {"é", 0}, "éa \u00a0": {"éa", 0xa0}, "a\u200bb": {"a\u200bb", 0},
	} {
		if inside, first := Trim([]byte(text)); string(inside) != want.inside || first != want.first {
			t.Errorf("%q: %q, %U", text, inside, first)
		}
	}
}

// TestClean takes off pairs of quotes and the escapes of a page.
func TestClean(t *testing.T) {
	const u = "http://a.test/"
	for raw, want := range map[string][2]string{
		"`" + u + "`": {u, "quotes"}, "\u201e" + u + "\u201c": {u, "quotes"}, "\u2018" + u + "\u2019": {u, "quotes"}, "\u00ab" + u + "\u00bb": {u, "quotes"}, `"` + u + `",`: {u, "quotes"},
		`"` + u: {`"` + u, ""}, `"x"`: {`"x"`, ""}, `"` + u + `""`: {`"` + u + `""`, ""}, "<" + u + "<>": {"<" + u + "<>", ""}, `"'` + u + `'"`: {`"'` + u + `'"`, ""},
		u + "&amp;&#38;&#038;": {u + "&&&", "&amp; for &"}, u + "&amp;&": {u + "&amp;&", ""}, "x&amp;": {"x&amp;", ""}, u: {u, ""},
		"<" + u + "&amp;>": {u + "&", "angle brackets, &amp; for &"},
	} {
		if got, taken := Clean(raw); got != want[0] || strings.Join(taken, ", ") != want[1] {
			t.Errorf("%q: %q, %q", raw, got, taken)
		}
	}
}
