package saved_test

import (
	"bytes"
	"compress/gzip"
	"strings"
	"testing"

	"grab/downloader/report/internal/reporttest"
	. "grab/downloader/report/saved"
)

// zipped compresses what write writes.
func zipped(t *testing.T, write func(z *gzip.Writer)) *bytes.Buffer {
	t.Helper()
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	write(z)
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return &b
}

// A small file cannot unpack to more than memory has.
func TestReadBomb(t *testing.T) {
	whole := lines(t, reporttest.Experiment(nil))
	conditions := whole[:strings.Index(whole, "\n")+1]
	long := strings.Repeat("A", 1<<20)
	for name, lines := range map[string][]string{
		"long errors":   {`{"type":"run","error":"`, long, `"}` + "\n"},
		"unknown lines": {`{"type":"later","x":"`, long, `"}` + "\n"},
		"empty lines":   {strings.Repeat("\n", 1<<20)},
		"one line":      {long},
	} {
		bomb := zipped(t, func(z *gzip.Writer) {
			_, _ = z.Write([]byte(conditions))
			for range 8 {
				for _, part := range lines {
					_, _ = z.Write([]byte(part))
				}
			}
		})
		if _, err := Read(bomb); err == nil || !strings.Contains(err.Error(), "unpacks to more than 100 times its size") {
			t.Errorf("%s, %d bytes: %v", name, bomb.Len(), err)
		}
	}
	many := zipped(t, func(z *gzip.Writer) {
		_, _ = z.Write([]byte(lines(t, reporttest.Experiment(nil), reporttest.Experiment(nil))))
	})
	if _, err := Read(many); err != nil {
		t.Errorf("what compare writes: %v", err)
	}
}

// A file of more comparisons or contenders than a page can show is refused, with what to do.
func TestReadTooMany(t *testing.T) {
	one := lines(t, reporttest.Experiment(nil))
	if got, err := Read(strings.NewReader(strings.Repeat(one, 200))); err != nil || len(got) != 200 {
		t.Errorf("200 comparisons: %d, %v", len(got), err)
	}
	if _, err := Read(strings.NewReader(strings.Repeat(one, 201))); err == nil || !strings.Contains(err.Error(), "more than 200 comparisons: split the file") {
		t.Errorf("201 comparisons: %v", err)
	}
	if _, err := Read(strings.NewReader(`{"type":"conditions","workers":[1` + strings.Repeat(",1", 200) + `],"modes":["pool"]}`)); err == nil || !strings.Contains(err.Error(), "201 contenders") {
		t.Errorf("201 contenders: %v", err)
	}
}

// A text of a file makes no line of its own, and does not change how a terminal shows others. A
// run whose error is blank has failed all the same.
func TestReadTexts(t *testing.T) {
	for text, want := range map[string]string{
		"boom\nPROCESS n=3 is 100x as fast": "boom PROCESS n=3 is 100x as fast", "a\r\n\vb\fc": "a b c", "a\u0085b\u2028c": "a b c",
		"\x1b[2J": "\uFFFD[2J", "\u202eevil": "\uFFFDevil", " \n\u200b ": "\uFFFD", "\n \n": "for an unknown reason", " ": "for an unknown reason",
		strings.Repeat("é", 2000): strings.Repeat("é", 500) + "…",
	} {
		e := reporttest.Experiment(nil)
		e.Runs[2].Error, e.Conditions.Preset, e.Conditions.Machine.CPU = text, text, text
		got, err := Read(strings.NewReader(lines(t, e)))
		if err != nil {
			t.Fatal(err)
		}
		c := got[0].Comparison
		if f := c.Find(e.Runs[2].Contender()); f.Error != want || strings.Contains(c.Conclusion, "\n") || !strings.Contains(c.Conclusion, want) {
			t.Errorf("%.40q: %.60q, conclusion %.200q", text, f.Error, c.Conclusion)
		}
		if strings.TrimSpace(text) != "" && (got[0].Conditions.Preset != want || got[0].Conditions.Machine.CPU != want) {
			t.Errorf("%.40q: %+v", text, got[0].Conditions)
		}
	}
}
