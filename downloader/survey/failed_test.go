package survey_test

import (
	"bytes"
	"strings"
	"testing"

	"grab/downloader"
	"grab/downloader/list"
	"grab/downloader/survey"
)

// TestWriteFailed writes images that failed as a table, which gives the same entries.
func TestWriteFailed(t *testing.T) {
	var b bytes.Buffer
	var want []downloader.Item
	for i, fields := range []downloader.Fields{`{"id":7,"tags":["a",{"b":null}]}`, `{"URL":"http://b.test/","s":"\"<é>"}`, "", "{}", `{"url":"http://c.test/"}`} {
		r := downloader.Result{Status: downloader.StatusFailed}
		r.Index, r.Line, r.URL, r.Fields = i, i+1, "http://a.test/?a=<"+strings.Repeat("x", i), fields
		if fields != `{"url":"http://c.test/"}` { // alone it comes back: the first line says which column it is
			want = append(want, r.Item)
		}
		if err := survey.WriteFailed(&b, survey.Image{Result: r}, true); err != nil {
			t.Fatal(err)
		}
	}
	if !strings.HasSuffix(b.String(), `{"URL":"http://a.test/?a=<xxxx","url":"http://c.test/"}`+"\n") {
		t.Error(b.String())
	}
	for item, err := range list.Read(list.List{Name: "-", Body: &b}) {
		if err != nil {
			t.Fatal(err)
		}
		if item.Index == len(want) {
			break
		}
		if w := want[item.Index]; item.URL != w.URL || item.Fields != w.Fields && w.Fields != "{}" {
			t.Errorf("%+v, want %+v", item, w)
		}
	}
	if err := survey.WriteFailed(&b, survey.Image{Result: downloader.Result{Status: downloader.StatusOK}}, true); err != nil || b.Len() > 0 {
		t.Errorf("%v, %q", err, &b)
	}
}
