package list_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	. "grab/downloader/list"
)

// TestSameForm compares how lists are written: those with entries, without a look at the
// entries themselves.
func TestSameForm(t *testing.T) {
	dir := t.TempDir()
	files := map[string]string{
		"text": u, "text2": "# c\n" + u, "empty": "", "blank": "\n\n", "a.csv": "id,url\n1," + u, "b.csv": "id,url\n2," + u, "c.csv": "url\n" + u, "d.csv": "id;url\n1;" + u, "header.csv": "id,url\n",
		"e.tsv": "id\turl\n1\t" + u, "a.jsonl": `{"url":"` + u + `"}`, "b.jsonl": `{"src":"` + u + `"}`, "a.aria2": u + "\n out=x\n",
	}
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	for args, want := range map[string]bool{
		"": true, "-": true, "missing": true, "text": true, "a.csv": true,
		"text text2": true, "text http://a.test/": true, "http://a.test/ http://b.test/": true, "a.csv b.csv": true, "a.csv empty": true, "empty a.csv": true, "empty blank": true, "text blank a.csv": false, "a.csv header.csv c.csv": false,
		"text -": false, "- text": false, "text missing": false, "text .": false, "text a.csv": false, "a.csv c.csv": false, "a.csv d.csv": false, "a.csv e.tsv": false, "a.jsonl b.jsonl": false, "a.jsonl a.jsonl": true, "text a.aria2": false, "a.csv http://a.test/": false,
		"text text2 a.csv": false, "a.csv b.csv text": false,
	} {
		var all []string
		for _, arg := range strings.Fields(args) {
			if arg != "-" && !strings.Contains(arg, "://") {
				arg = filepath.Join(dir, arg)
			}
			all = append(all, arg)
		}
		said := 0
		how := List{Begin: func(Form) { said++ }, Chosen: func(string, string) { said++ }}
		if got := SameForm(all, how); got != want || said > 0 {
			t.Errorf("%s: the same form %t, said %s", args, got, fmt.Sprint(said))
		}
	}
}
