package saved

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"testing"

	"grab/downloader"
	"grab/downloader/report"
)

// fill sets every text in v to evil, and counts them.
func fill(v reflect.Value, evil string) (n int) {
	switch v.Kind() {
	case reflect.String:
		v.SetString(evil)
		return 1
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() && v.Type().Field(i).Name != "Type" { // which the reader knows
				n += fill(v.Field(i), evil)
			}
		}
	case reflect.Slice:
		for i := range v.Len() {
			n += fill(v.Index(i), evil)
		}
	}
	return n
}

// TestEveryTextIsHarmless fills every text of conditions and of a run with control characters.
func TestEveryTextIsHarmless(t *testing.T) {
	const evil = "a\x1b[31m\u202eb"
	c := report.Conditions{Modes: make([]downloader.Mode, 2), With: make([]report.Program, 2)}
	r := report.Run{Images: make([]report.Image, 2)}
	if n, m := fill(reflect.ValueOf(&c).Elem(), evil), fill(reflect.ValueOf(&r).Elem(), evil); n != 16 || m != 6 {
		t.Errorf("%d and %d texts: is one new?", n, m)
	}
	sanitizeConditions(&c)
	sanitizeRun(&r)
	for _, v := range []any{c, r} {
		data, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		if text := string(data); strings.Contains(text, `\u001b`) || strings.Contains(text, "\u202e") || strings.Contains(text, `\u202e`) || !strings.Contains(text, "a\uFFFD[31m\uFFFDb") {
			t.Errorf("%s", text)
		}
	}
}

// TestErrorLines keeps the first lines of a run's error, each of them harmless, and an error that is
// blank stays one.
func TestErrorLines(t *testing.T) {
	var many, kept []string
	for i := range maxErrorLines + 3 {
		many = append(many, fmt.Sprint("line  ", i))
		if i < maxErrorLines-1 {
			kept = append(kept, fmt.Sprint("line ", i))
		}
	}
	kept = append(kept, "line 9 line 10 line 11 line 12")
	for text, want := range map[string]string{
		"": "", " ": "for an unknown reason", "\n\n": "for an unknown reason", "a\x00\nb\tc": "a\uFFFD\nb c",
		strings.Join(many, "\n"): strings.Join(kept, "\n"),
	} {
		r := report.Run{Error: text}
		if sanitizeRun(&r); r.Error != want {
			t.Errorf("%q: %q, want %q", text, r.Error, want)
		}
	}
}
