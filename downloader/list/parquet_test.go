package list_test

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/klauspost/compress/gzip"
	"github.com/parquet-go/parquet-go"

	. "grab/downloader"
	. "grab/downloader/list"
)

// feedRow is a row of the Parquet files of these tests.
type feedRow struct {
	ID     int64    `parquet:"id,snappy"`
	URL    string   `parquet:"image_url,zstd,dict"`
	Mirror *string  `parquet:"mirror,optional"`
	Tags   []string `parquet:"tags,list"`
	Photo  []byte   `parquet:"photo"`
	Ratio  float64  `parquet:"ratio"`
	Color  bool     `parquet:"color"`
}

// parquetFile returns a Parquet file with n rows, in groups of 100.
func parquetFile(t testing.TB, n int) []byte {
	t.Helper()
	var b bytes.Buffer
	w := parquet.NewGenericWriter[feedRow](&b, parquet.MaxRowsPerRowGroup(100))
	for i := range n {
		row := feedRow{ID: int64(i), URL: fmt.Sprintf("http://a.test/%d", i), Tags: []string{"a", "b"}, Photo: []byte("\xff\xd8"), Ratio: 0.5, Color: true}
		if i%2 == 0 {
			mirror := fmt.Sprintf("http://b.test/%d", i)
			row.Mirror = &mirror
		}
		if _, err := w.Write([]feedRow{row}); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// openOne reads a list file as the command does.
func openOne(t testing.TB, data []byte, how List) (text string, counted int) {
	t.Helper()
	name := filepath.Join(t.TempDir(), "feed")
	if err := os.WriteFile(name, data, 0o666); err != nil {
		t.Fatal(err)
	}
	src, done, err := Open(t.Context(), []string{name}, nil, how)
	if err != nil {
		t.Fatal(err)
	}
	defer done()
	return rowsOf(src), Count(t.Context(), []string{name}, how)
}

// TestParquet reads a Parquet file with several row groups.
func TestParquet(t *testing.T) {
	data := parquetFile(t, 250)
	got, counted := openOne(t, data, List{})
	lines := strings.Split(got, "\n")
	if len(lines) != 250 || counted != 250 {
		t.Fatalf("%d rows, counted %d: %.300s", len(lines), counted, got)
	}
	for i, want := range map[int]string{
		0:   `1 http://a.test/0 {"id":"0","mirror":"http://b.test/0","photo":"","ratio":"0.5","color":"true"} ask map[] [http://b.test/0]`,
		249: `250 http://a.test/249 {"id":"249","mirror":"","photo":"","ratio":"0.5","color":"true"}`,
	} {
		if lines[i] != want {
			t.Errorf("%s\nwant %s", lines[i], want)
		}
	}
	if got, _ := openOne(t, data, List{URLColumn: "mirror"}); !strings.HasPrefix(got, "1 http://b.test/0 ") || !strings.Contains(got, "2  {") {
		t.Errorf("%.200s", got)
	}
	if got, _ := openOne(t, data, List{URLColumn: "tags"}); !strings.Contains(got, "no column tags: it has id, image_url, mirror") {
		t.Errorf("%.200s", got)
	}
	if got := rows(t, List{Name: "-", Body: bytes.NewReader(data)}); !strings.Contains(got, "this is a Parquet file, compressed as a whole or not a file, not a list: save it as it is to a file") {
		t.Errorf("%.200s", got)
	}
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	_, _ = z.Write(data)
	_ = z.Close()
	if got, _ := openOne(t, packed.Bytes(), List{}); !strings.Contains(got, "a Parquet file, compressed") {
		t.Errorf("%.200s", got)
	}
}

// TestDamagedParquet reads damaged files. Each ends in an error, or gives rows, but none ends
// the program.
func TestDamagedParquet(t *testing.T) {
	data := parquetFile(t, 3)
	failed := 0
	for seed := range uint64(1500) {
		random := rand.New(rand.NewPCG(seed, 2))
		damaged := bytes.Clone(data)
		if seed%8 == 7 {
			damaged = damaged[:12+random.IntN(len(data)-12)]
		}
		for range 1 + random.IntN(4) {
			i := 4 + random.IntN(len(damaged)-4)
			damaged[i] = byte(random.Uint32())
		}
		if got, _ := openOne(t, damaged, List{}); strings.Contains(got, "damaged Parquet file: ") {
			failed++
		}
	}
	if failed < 300 {
		t.Errorf("%d of 1500 damaged files were called damaged", failed)
	}
}

// FuzzParquet reads random bytes as a Parquet file.
func FuzzParquet(f *testing.F) {
	f.Add(parquetFile(f, 3)[4:])
	f.Add([]byte("\x00\x00\x00\x00PAR1"))
	f.Fuzz(func(t *testing.T, data []byte) {
		name := filepath.Join(t.TempDir(), "list")
		if err := os.WriteFile(name, append([]byte("PAR1"), data...), 0o666); err != nil {
			t.Fatal(err)
		}
		src, done, err := Open(t.Context(), []string{name}, nil, List{})
		if err != nil {
			t.Fatal(err)
		}
		defer done()
		index := 0
		for item, err := range src {
			if _, bad := err.(*Error); err != nil && !bad {
				return
			}
			if item.Index != index || item.Line != index+1 {
				t.Fatalf("%+v at %d", item, index)
			}
			index++
		}
	})
}
