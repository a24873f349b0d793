package list_test

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	. "grab/downloader"
	. "grab/downloader/list"
)

// foreignFiles returns the lists in testdata/foreign, which other programs have written: Python
// 3.11's csv module, LibreOffice 7.4, DuckDB 1.5 and apache/arrow-go 18.8.
func foreignFiles(t *testing.T, pattern string) map[string][]byte {
	t.Helper()
	names, err := filepath.Glob("testdata/foreign/" + pattern)
	if err != nil || len(names) == 0 {
		t.Fatal(names, err)
	}
	files := map[string][]byte{}
	for _, name := range names {
		if files[filepath.Base(name)], err = os.ReadFile(name); err != nil {
			t.Fatal(err)
		}
	}
	return files
}

// TestForeignCSV reads the same table as several programs write it: with commas, semicolons and
// tabs, in UTF-8 and UTF-16, with quotes where needed or everywhere, and newlines inside cells.
func TestForeignCSV(t *testing.T) {
	for name, data := range foreignFiles(t, "[lp]*") {
		want := `http://a.test/1.jpg {"id":"1","note":"plain","sha256":""}` + "\n" +
			`http://a.test/2.jpg?a=1,2 {"id":"2","note":"red, \"big\"\nand\nround; ","sha256":""}` + "\n" +
			`http://a.test/3.jpg {"id":"3","note":"'lämps' \t tab","sha256":"` + strings.Repeat("ab", 32) + `"}` + "\n" +
			`http://a.test/4.jpg {"id":"4","note":"","sha256":""}` + "\n"
		var got strings.Builder
		for item, err := range Read(List{Name: name, Body: bytes.NewReader(data)}) {
			fmt.Fprintln(&got, item.URL, item.Fields)
			if err != nil || (item.WantSHA256 != "") != (item.Index == 2) {
				t.Errorf("%s: %+v, %v", name, item, err)
			}
		}
		if got.String() != want {
			t.Errorf("%s:\ngot  %s\nwant %s", name, &got, want)
		}
	}
}

// TestForeignParquet reads what DuckDB and arrow-go write: in four codecs and none, with
// dictionaries, deltas and plain, in both forms of pages, in groups, with lists and structures.
func TestForeignParquet(t *testing.T) {
	for name, data := range foreignFiles(t, "*.parquet") {
		got, counted := openOne(t, data, List{})
		if strings.Contains(name, "lz4") {
			if !strings.Contains(got, ": a Parquet file that is compressed with LZ4, which grab does not read") {
				t.Errorf("%s: %s", name, got)
			}
			continue
		}
		lines := strings.Split(got, "\n")
		if len(lines) != 40 || counted != 40 {
			t.Errorf("%s: %d rows, counted %d", name, len(lines), counted)
			continue
		}
		more, first, amount := "", `"price":"","day":"","seen":""`, `""`
		if strings.HasPrefix(name, "duckdb") {
			more = `,"uid":"11111111-2222-3333-4444-555555555555","tiny":"1","huge":"-5","tm":"12:30:00"`
			first, amount = `"price":"0","day":"2024-10-04","seen":"2023-11-14T22:13:20.000001Z"`, `"-4.75"`
		}
		if want := `1 http://a.test/0.jpg {"id":"0","category":"",` + first + `,"sold":"true","amount":` + amount + `,"image_url_2":"","thumb":""` + more + `}`; lines[0] != want {
			t.Errorf("%s:\ngot  %s\nwant %s", name, lines[0], want)
		}
		for i, want := range map[int][]string{
			1: {`"day":"2024-10-05"`, `.000001Z"`, `"category":"\"chairs\""`, `"price":"0.25"`, `"sold":"false"`},
			3: {`"category":"lämps"`}, 4: {"ask map[] [http://b.test/4.jpg]"}, 7: {"parse: no URL in the column image_url"},
		} {
			for _, part := range want {
				if !strings.Contains(lines[i], part) {
					t.Errorf("%s: no %s in %s", name, part, lines[i])
				}
			}
		}
	}
}

// TestDamagedForeignFiles flips and cuts off bytes of all of these files. Each ends in a clear
// error, or gives entries, but none ends the program or hangs.
func TestDamagedForeignFiles(t *testing.T) {
	name := filepath.Join(t.TempDir(), "list")
	for foreign, data := range foreignFiles(t, "*") {
		for seed := range 200 {
			damaged := bytes.Clone(data)
			if seed%4 == 0 {
				damaged = damaged[:len(damaged)*seed/200]
			}
			for i := range 1 + seed%3 {
				if len(damaged) > 0 {
					damaged[(seed*7919+i*104729)%len(damaged)] ^= byte(1 << (seed % 8))
				}
			}
			if err := os.WriteFile(name, damaged, 0o666); err != nil {
				t.Fatal(err)
			}
			src, done, err := Open(t.Context(), []string{name}, nil, List{})
			if err != nil {
				t.Fatal(err)
			}
			entries := 0
			for item, err := range src {
				if _, bad := err.(*Error); err != nil && !bad && (err.Error() == "" || strings.ContainsAny(err.Error(), "\x00\x1b")) {
					t.Errorf("%s, seed %d: %q", foreign, seed, err)
				}
				if entries++; entries > 100_000 {
					t.Fatalf("%s, seed %d: no end at %+v", foreign, seed, item)
				}
			}
			done()
		}
	}
}
