package testserver

import (
	"html"
	"io"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"grab/testserver/faults"
)

// A browser gets an index whose links work, and that says which faults a plan can take. As
// text its rows are aligned.
func TestIndex(t *testing.T) {
	s := start(t, Options{})
	c := newClient(t, s)
	req, err := http.NewRequest("GET", s.URL("/"), nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Accept", "text/html,application/xhtml+xml")
	resp, err := c.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	page, err := io.ReadAll(resp.Body)
	resp.Body.Close()
	if err != nil || !strings.HasPrefix(resp.Header.Get("Content-Type"), "text/html") {
		t.Fatalf("%v, %v", resp.Header, err)
	}
	linked := map[string]bool{}
	for _, link := range regexp.MustCompile(`href="([^"]*)"`).FindAllStringSubmatch(string(page), -1) {
		linked[html.UnescapeString(link[1])] = true
	}
	for link := range linked {
		if strings.HasPrefix(link, "/fault/") {
			continue // faults have tests of their own
		}
		if r := get(t, c, s.URL(link)); r.StatusCode != 200 && link != "/status/404" {
			t.Errorf("%s: status %d", link, r.StatusCode)
		}
	}
	text := string(get(t, c, s.URL("/")).data)
	_, planned, _ := strings.Cut(text, "Faults that a plan (-faults) can take")
	planned, connections, _ := strings.Cut(planned, "Faults of connections")
	for _, f := range Faults() {
		_, err := faults.ParsePlan(f.Name + "=1%")
		if listed := strings.Contains(planned, "\n  "+f.Name+" "); listed != (err == nil) || listed == strings.Contains(connections, "\n  "+f.Name+" ") {
			t.Errorf("%s: listed as one for a plan: %v, and the plan says: %v", f.Name, listed, err)
		}
		if linked["/fault/"+f.Name+"/image/0.jpg"] != (err == nil) {
			t.Errorf("%s: has a link, or lacks one", f.Name)
		}
	}
	column := 0
	for line := range strings.Lines(text) {
		if form, about, ok := strings.Cut(strings.TrimPrefix(line, "  "), "  "); ok && strings.HasPrefix(line, "  ") {
			at := 2 + len(form) + 2 + len(about) - len(strings.TrimLeft(about, " "))
			if column == 0 {
				column = at
			}
			if at != column && strings.TrimSpace(form) != "" {
				t.Errorf("column %d, not %d: %s", at, column, line)
			}
		}
	}
}
