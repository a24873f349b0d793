package value

import (
	"fmt"
	"math"
	"strings"
	"testing"
	"time"
)

// parsed returns what a parser makes of a text, or its error, after a "!".
func parsed[T any](parse func(string) (T, error)) func(string) string {
	return func(text string) string {
		value, err := parse(text)
		if err != nil {
			return "!" + err.Error()
		}
		return fmt.Sprint(value)
	}
}

// TestLimits parses values at and beyond their limits, and quotes the errors.
func TestLimits(t *testing.T) {
	const most = math.MaxInt64
	type word string
	control, empty := "!must not contain control characters", "!must not be empty"
	for name, c := range map[string]struct {
		parse func(string) string
		texts map[string]string
	}{
		"Bool":  {parsed(Bool), map[string]string{"true": "true", "0": "false", "T": "true", "yes": `!"yes" is not true or false`}},
		"Int":   {parsed(Int(2, 5)), map[string]string{"2": "2", "5": "5", "1": `!"1" is not a whole number from 2 to 5`, "6": `!"6" is not a whole number from 2 to 5`, "x": `!"x" is not a whole number from 2 to 5`}},
		"Int64": {parsed(Int64), map[string]string{"-7": "-7", fmt.Sprint(most): fmt.Sprint(most), "9223372036854775808": `!"9223372036854775808" is not a whole number of 64 bits`, "0x1": `!"0x1" is not a whole number of 64 bits`}},
		"Workers": {parsed(Workers), map[string]string{"1": "[1]", "1, 65535": "[1 65535]", "0": `!"0" is not a whole number from 1 to 65535`, "65536": `!"65536" is not a whole number from 1 to 65535`, "": `!"" is not a whole number from 1 to 65535`,
			"4,8,4": `!"4,8,4" names 4 twice`}},
		"PositiveSize": {parsed(PositiveSize), map[string]string{"1": "1", "1k": "1024", "0": `!"0" is not a size above 0, such as 256MiB, 10MB or 4096`, "x": `!"x" is not a size above 0, such as 256MiB, 10MB or 4096`}},
		"Size":         {parsed(Size), map[string]string{"0": "0", "-1": `!"-1" is not a size of 0 or more, such as 256MiB, 10MB or 4096`}},
		"Pixels": {parsed(Pixels), map[string]string{"1": "1", "1mp": "1000000", "100MP": "100000000", "9223372036854775807": fmt.Sprint(most), "9223372036854MP": "9223372036854000000",
			"9223372036855MP": `!"9223372036855MP" is not a number of pixels above 0, such as 100MP or 1000000`, "0": `!"0" is not a number of pixels above 0, such as 100MP or 1000000`, "0MP": `!"0MP" is not a number of pixels above 0, such as 100MP or 1000000`,
			"-1": `!"-1" is not a number of pixels above 0, such as 100MP or 1000000`, "1M": `!"1M" is not a number of pixels above 0, such as 100MP or 1000000`}},
		"Dimensions": {parsed(Dimensions), map[string]string{"1x1": "1x1", "5000x5000": "5000x5000", "65535x381": "65535x381", "02x3": "2x3", "65535x382": bad("65535x382"), "65536x1": bad("65536x1"), "0x1": bad("0x1"), "1x0": bad("1x0"), "1": bad("1"), "1X1": bad("1X1"), "1x1x1": bad("1x1x1"), "5001x5000": bad("5001x5000")}},
		"ParseSweep": {parsed(ParseSweep), map[string]string{"latency=0,10ms": "latency=0,10ms", "n=1,4": "n=1,4", "size=1x1,2x2": "size=1x1,2x2", "latency=1s,1000ms": `!"latency=1s,1000ms" names 1000ms twice`, "n=4,04": `!"n=4,04" names 04 twice`,
			"size=1x1,01x1": `!"size=1x1,01x1" names 01x1 twice`, "x=1": `!"x=1" is not latency=, n= or size= and values separated by commas`, "n=": `!"" is not a whole number from 1 to 65535`, "n": `!"" is not a whole number from 1 to 65535`, "latency=1": notUnit("1"), "size=x": bad("x")}},
		"NonEmpty":  {parsed(NonEmpty), map[string]string{"x": "x", " ": " ", "": empty}},
		"PlainText": {parsed(PlainText), map[string]string{"": "", "x y": "x y", "a\n": control, "\x7f": control}},
		"Path":      {parsed(Path), map[string]string{"": empty, "\t": control, strings.Repeat("x", 4097): "!is longer than 4096 bytes"}},
		"OneOf":     {parsed(OneOf[word]("a", "b")), map[string]string{"a": "a", "c": `!"c" is not one of a, b`, "": `!"" is not one of a, b`, "A": `!"A" is not one of a, b`}},
		"SomeOf": {parsed(SomeOf[word]("a", "b")), map[string]string{"b": "[b]", "b, a": "[b a]", "a,a": `!"a,a" names a twice`, "a,c": `!"c" is not one of a, b`, "a,": `!"a," is not a list of words separated by commas`,
			" ": `!" " is not a list of words separated by commas`}},
		"Classes":          {parsed(Classes), map[string]string{"dns": "[dns]", "dns, tls": "[dns tls]", ",": `!"," is not a list of words separated by commas`}},
		"Duration":         {parsed(Duration), map[string]string{"0": "0s", "0s": "0s", "1.5s": "1.5s", "1": notUnit("1"), "-1s": `!"-1s" is not a time of 0 or more, such as 300ms or 1.85s`, "-1": `!"-1" is not a time of 0 or more, such as 300ms or 1.85s`}},
		"PositiveDuration": {parsed(PositiveDuration), map[string]string{"1ns": "1ns", "0": `!"0" is not a time above 0, such as 300ms or 1.85s`, "7": notUnit("7"), "x": `!"x" is not a time above 0, such as 300ms or 1.85s`}},
		"Days": {parsed(Days), map[string]string{"0d": "0s", "1d": "24h0m0s", "65535d": "1572840h0m0s", "65536d": `!"65536d" is not a time of 0 or more, such as 30d or 12h`, "-1d": `!"-1d" is not a time of 0 or more, such as 30d or 12h`, "12h": "12h0m0s", "0": "0s",
			"-1h": `!"-1h" is not a time of 0 or more, such as 30d or 12h`, "30": notUnit("30"), "1d12h": `!"1d12h" is not a time of 0 or more, such as 30d or 12h`}},
		"ParsePart": {parsed(ParsePart), map[string]string{"1/1": "{1 1 false}", "1000000/1000000": "{1000000 1000000 false}", "1/1000001": `!"1/1000001" is not a part, such as 3/10, auto/10 or auto`, "auto/1000000": "{0 1000000 true}", "auto": "{0 0 true}"}},
	} {
		for text, want := range c.texts {
			if got := c.parse(text); got != want {
				t.Errorf("%s %.40q: %s, want %s", name, text, got, want)
			}
		}
	}
	if _, err := Classes("nothing"); err == nil {
		t.Error("there is a class of that name")
	} else if unknown, ok := err.(UnknownWord); !ok || len(unknown.Known) < 20 || unknown.Known[0] == "" {
		t.Errorf("%#v", err)
	}
	if r, err := Rejects([]string{"x"}); err == nil {
		t.Errorf("%v", r)
	}
	if text := (Sweep{}).String(); text != "" {
		t.Errorf("no sweep: %s", text)
	}
	for text, want := range map[string]time.Duration{"1e6/s": 1000, "1000000/s": 1000, "0.001/h": 3_600_000 * time.Second} {
		if got, err := Rate(text); got != want || err != nil {
			t.Errorf("%s: %v, %v", text, got, err)
		}
	}
}

func bad(size string) string {
	return fmt.Sprintf("!%q is not a width and a height in pixels, such as 200x300, of 25 million pixels at most", size)
}

func notUnit(number string) string {
	return fmt.Sprintf("!%q is not a time without its unit: write %ss for seconds, %sms for milliseconds", number, number, number)
}

// TestHeaders has headers for every host and for some, and quotes what is said of others.
func TestHeaders(t *testing.T) {
	for _, c := range []struct {
		texts []string
		want  string
	}{
		{nil, "map[] map[]"}, {[]string{"Accept: a", "accept:\tb \t", "X-A: c:d"}, "map[Accept:[a b] X-A:[c:d]] map[]"}, {[]string{"X:"}, "map[X:[]] map[]"},
		{[]string{"A.test: X-K: v", "a.test: X-K: w", "b.test:80: X-L: u", "Y: z"}, "map[Y:[z]] map[a.test:map[X-K:[v w]] b.test:80:map[X-L:[u]]]"},
		{[]string{"a.b: v"}, "map[A.b:[v]] map[]"}, {[]string{"a.b: Cookie x"}, `"a.b" looks like a host; a header for one host is written host: Name: value`}, {[]string{"a.b: cookies x"}, "map[A.b:[cookies x]] map[]"},
		{[]string{"x"}, "has no colon; a header is written Name: value"}, {[]string{": v"}, `"" is not a header name`}, {[]string{"a b: v"}, `"a b" is not a header name`}, {[]string{"é: v"}, `"é" is not a header name`},
		{[]string{"X: secret\x01"}, "the value of X contains a control character"},
		{[]string{"azAZ09!#$%&'*+-.^_`|~: v"}, "map[AzAZ09!#$%&'*+-.^_`|~:[v]] map[]"}, {[]string{"@: v"}, `"@" is not a header name`}, {[]string{"[: v"}, `"[" is not a header name`}, {[]string{"{: v"}, `"{" is not a header name`}, {[]string{"/: v"}, `"/" is not a header name`},
	} {
		all, byHost, err := Headers(c.texts)
		got := fmt.Sprint(all, byHost)
		if err != nil {
			got = err.Error()
		}
		if got != c.want && !(err == nil && strings.EqualFold(got, c.want)) {
			t.Errorf("%q: %s, want %s", c.texts, got, c.want)
		}
	}
	for text, want := range map[string]string{"a:1": "a 1 true", "a:": "a:  false", ":1": ":1  false", "a": "a  false", "a:x": "a:x  false", "::1:80": "::1 80 true", "a:09": "a 09 true"} {
		host, port, found := cutPort(text)
		if got := fmt.Sprint(host, " ", port, " ", found); got != want {
			t.Errorf("%s: %s, want %s", text, got, want)
		}
	}
}
