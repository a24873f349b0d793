package faults

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"grab/testserver/fault"
)

// absent are the rows of the catalogue that no server plays.
const absent = "A37 A47 A48 A49 A50 A80 A141 A146 A147 A148 A151 A152 A160 A161 A162 A164 A165"

func TestEveryRowIsPlayed(t *testing.T) {
	const rows = "1-28 30-63 70-85 90-98 100-111 120-136 140-152 160-168"
	ids := map[string]bool{}
	for _, f := range All() {
		ids[f.ID] = true
	}
	for span := range strings.FieldsSeq(rows) {
		var from, to int
		fmt.Sscanf(span, "%d-%d", &from, &to)
		for n := from; n <= to; n++ {
			id := fmt.Sprintf("A%02d", n)
			if ids[id] == strings.Contains(absent+" ", id+" ") {
				t.Errorf("%s: played %v", id, ids[id])
			}
		}
	}
}

func TestFaultsAreDescribed(t *testing.T) {
	expect := regexp.MustCompile(`^(ok|(T|P|P1):[a-z0-9-]+)(\|(ok|(T|P|P1):[a-z0-9-]+))*$`)
	seen := map[string]bool{}
	for _, f := range All() {
		if !strings.HasPrefix(f.Name, strings.ToLower(f.ID)+"-") || seen[f.Name] {
			t.Errorf("%s: name %q", f.ID, f.Name)
		}
		seen[f.Name] = true
		if !expect.MatchString(f.Expect) || f.About == "" || f.Over == "" {
			t.Errorf("%s: expects %q, over %q, about %q", f.Name, f.Expect, f.Over, f.About)
		}
		if (f.Play == nil) != f.PerConnection || (f.Conn == nil) == f.PerConnection {
			t.Errorf("%s: played by a request and a connection, or by none", f.Name)
		}
		for _, q := range f.Queries {
			if _, rest, err := fault.SplitQuery(q); err != nil || rest != "" && !strings.HasPrefix(rest, "bytes=") {
				t.Errorf("%s: query %q: %v, %q", f.Name, q, err, rest)
			}
		}
	}
}

func TestGzipBombIsSmall(t *testing.T) {
	if b := gzipBomb(0); b.Size < 9<<20 || b.Size > 16<<20 {
		t.Errorf("the default gzip bomb has %d bytes", b.Size)
	}
}
