package sink

import (
	"path"
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"
)

// TestPortable has names that some system does not take, or takes for another one.
func TestPortable(t *testing.T) {
	long := strings.Repeat("é", 200)
	for wanted, want := range map[string]string{
		"a/b": "a/b", "a//b/": "a/b", "/etc/passwd": "etc/passwd", "": "_", "/": "_",
		"../../x": "_/_/x", ".": "_", "...": "_", ".git": "_.git", ".grab/lock": "_.grab/lock", "a/.grab": "a/_.grab",
		"GRAB~1/x": "GRAB_1/x",
		"con":      "_con", "CON.tar": "_CON.tar", "com1": "_com1", "COM¹": "_COM¹", "lpt0": "_lpt0", "com": "com", "com10": "com10", "nul .x": "_nul .x", "a/Aux": "a/_Aux",
		"a~": "a~", "~": "~", "grab~1": "grab_1", "a~b": "a~b",
		"a. ": "a", " a": "a", "a.": "a", "a . .": "a",
		`a<b>c:d"e\f|g?h*i`: "a_b_c_d_e_f_g_h_i", "a\x01b\x7f": "a_b_", "a\xffb": "a_b", "x\u2028y": "x_y",
		"\u202egpj.exe": "gpj.exe", "\ufeffa\u200bb\u2066c": "abc",
		"cafe\u0301": "café", "e\u200d\u0301": "é", "\u212b": "Å",
		"earlier/x": "_earlier/x", "Earlier/x": "_Earlier/x", "earlier": "earlier", "a/earlier/x": "a/earlier/x", "manifest.jsonl/x": "_manifest.jsonl/x",
		"a.jpg/b": "a.jpg_/b", "a.JPG/b": "a.JPG_/b", "a.jpg": "a.jpg",
		long: strings.Repeat("é", maxElement/2), strings.Repeat("a", 118) + ". x": strings.Repeat("a", 118),
		"\x0070/\x0032": "\x0070/\x0032", "a\x00": "a_", "\x00z9": "_z9", "\x0071\u0301": "\x0071\u0301",
		strings.Repeat("a", 119) + "\x0032": strings.Repeat("a", 119),
	} {
		if got := Portable(wanted); got != want {
			t.Errorf("%q: %q, want %q", wanted, got, want)
		}
	}
	if deep := Portable(strings.Repeat("a/", 1<<20) + "last"); len(deep) > maxPath { // in a moment
		t.Errorf("%d bytes", len(deep))
	}
	if deep := Portable(strings.Repeat("folder/", 1000) + "last"); len(deep) > maxPath || !strings.HasSuffix(deep, "/last") {
		t.Errorf("%d bytes: %s", len(deep), deep)
	}
}

// TestFill completes patterns, and recognises the names again.
func TestFill(t *testing.T) {
	day := time.Date(2026, 11, 26, 23, 59, 0, 0, time.UTC)
	sum := "0123456789abcdef" + strings.Repeat("f", 48)
	for pattern, want := range map[string]string{
		"a/b":                     "a/b.png",
		MarkSHA256(2) + "/x":      "01/x.png",
		MarkExt + "/" + MarkDate:  "png/2026-11-26.png",
		"x." + MarkExt + "/y":     "x.png_/y.png",
		"com" + MarkSHA256(1):     "_com0.png",
		MarkSHA256(64) + "\u0301": sum + "\u0301.png",
	} {
		if got := Fill(pattern, ".png", sum, day); got != want {
			t.Errorf("%q: %q, want %q", pattern, got, want)
		}
	}
	later := day.AddDate(0, 0, 3)
	for _, c := range [][3]string{
		{MarkDate + "/x", "2026-11-26/x.png", "2026-11-26/x.png"},
		{MarkDate + "/x", "2026-11-26/y.png", "2026-11-29/x.png"},
		{MarkDate + "/x", "2026-13-26/x.png", "2026-11-29/x.png"},
		{"a" + MarkDate + "-" + MarkSHA256(2), "a2020-02-02-01.png", "a2020-02-02-01.png"},
	} {
		if got := Refill(c[0], c[1], sum, later); got != c[2] {
			t.Errorf("%q for %s: %q, want %q", c[0], c[1], got, c[2])
		}
	}
}

// TestFold has names that some file system takes for the same.
func TestFold(t *testing.T) {
	for _, same := range [][2]string{{"A", "a"}, {"STRASSE", "straße"}, {"Å", "a\u030a"}, {"Σ", "ς"}, {"K", "k"}} {
		if Fold(same[0]) != Fold(same[1]) {
			t.Errorf("%q and %q differ", same[0], same[1])
		}
	}
}

// FuzzPortable makes names of anything. They are all that a name must be, and a file that
// has one is known for grab's.
func FuzzPortable(f *testing.F) {
	for _, seed := range []string{"a/b", "../x", "CON", "\u202e", "e\u200d\u0301", "\x0002\x0070\x0071. ", "a.jpg/b", strings.Repeat("é.", 150), "GRAB~1", "\x00"} {
		f.Add(seed, 2)
	}
	f.Fuzz(func(t *testing.T, wanted string, n int) {
		pattern := Portable(wanted)
		if again := Portable(pattern); again != pattern {
			t.Fatalf("%q: %q, and %q the second time", wanted, pattern, again)
		}
		sum := strings.Repeat("0123456789abcdef", 4)
		for _, p := range []string{pattern, Numbered(pattern, 2+n&0xffff)} {
			name := Fill(p, ".jpeg", sum, time.Unix(int64(n), 0))
			if !IsGiven(name) {
				t.Fatalf("%q: %q is not known for grab's", wanted, name)
			}
			checkName(t, name)
		}
	})
}

// checkName checks that a name is portable, without the code that made it so.
func checkName(t *testing.T, name string) {
	t.Helper()
	if len(name) > 1000 || !utf8.ValidString(name) || strings.ContainsAny(name, "<>:\"\\|?*\x00\x7f") || path.Clean(name) != name || path.IsAbs(name) {
		t.Fatalf("%q", name)
	}
	for i, element := range strings.Split(name, "/") {
		upper, _, _ := strings.Cut(strings.ToUpper(element), ".")
		switch {
		case element == "", len(element) > 143, element[0] == '.', strings.TrimSpace(element[len(element)-1:]) == "", element[len(element)-1] == '.',
			upper == "CON", upper == "NUL", upper == "COM1", upper == "LPT9", i == 0 && strings.EqualFold(element, "earlier"):
			t.Fatalf("%q: %q", name, element)
		}
		for _, r := range element {
			if unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) {
				t.Fatalf("%q: %q", name, r)
			}
		}
	}
}
