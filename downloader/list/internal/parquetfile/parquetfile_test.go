package parquetfile

import (
	"bytes"
	"encoding/binary"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/format"
)

// opened opens a file with that content.
func opened(t *testing.T, data []byte) (Table, error) {
	t.Helper()
	name := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(name, data, 0o666); err != nil {
		t.Fatal(err)
	}
	file, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = file.Close() })
	return Open(file)
}

// written returns a file with these rows.
func written[T any](t *testing.T, rows []T, options ...parquet.WriterOption) []byte {
	t.Helper()
	var b bytes.Buffer
	w := parquet.NewGenericWriter[T](&b, options...)
	if _, err := w.Write(rows); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// TestFooter has footers that are as long as the file allows, and longer by one byte.
func TestFooter(t *testing.T) {
	for _, tt := range []struct {
		size   int
		footer uint32
		magic  string
		want   bool
	}{
		{100, 88, "PAR1", true}, {100, 89, "PAR1", false}, {100, 88, "PAR2", false}, {100, 0, "PAR1", true}, {100, 1 << 31, "PAR1", false},
		{12, 0, "PAR1", true}, {12, 1, "PAR1", false}, {11, 0, "PAR1", false}, {8, 0, "PAR1", false}, {4, 0, "PAR1", false},
	} {
		data := append(binary.LittleEndian.AppendUint32(make([]byte, max(tt.size-8, 0)), tt.footer), tt.magic...)
		data = data[len(data)-tt.size:]
		if err := checkFooter(bytes.NewReader(data), int64(tt.size)); (err == nil) != tt.want || err != nil && err.Error() != "damaged Parquet file: its end is missing" {
			t.Errorf("a footer of %d bytes in %d that end in %s: %v", tt.footer, tt.size, tt.magic, err)
		}
	}
}

// TestColumns leaves out the columns of lists, groups and repeated values.
func TestColumns(t *testing.T) {
	type row struct {
		Before []string `parquet:"before,list"`
		First  string   `parquet:"first"`
		Group  struct {
			Inner string `parquet:"inner"`
		} `parquet:"group"`
		Many []string `parquet:"many"`
		Last *int64   `parquet:"last,optional"`
		Raw  []byte   `parquet:"raw"`
	}
	seven := int64(7)
	rows := []row{{Before: []string{"a", "b"}, First: "1", Last: &seven, Raw: []byte("\xff")}, {First: "2", Many: []string{"x", "y"}, Raw: []byte("ok")}}
	table, err := opened(t, written(t, rows))
	if err != nil {
		t.Fatal(err)
	}
	if want := []string{"first", "last", "raw"}; !slices.Equal(table.Names(), want) {
		t.Errorf("%q, want %q", table.Names(), want)
	}
	var all []string
	if err := table.EachRow(func(cells []string) error { all = append(all, strings.Join(cells, "|")); return nil }); err != nil {
		t.Fatal(err)
	}
	if want := []string{"1|7|", "2||ok"}; !slices.Equal(all, want) {
		t.Errorf("%q, want %q", all, want)
	}
}

// TestEachRow reads several groups and batches of rows, to their end and to the first error.
func TestEachRow(t *testing.T) {
	type row struct {
		N int64 `parquet:"n"`
	}
	stop := errors.New("stop")
	for _, n := range []int{0, 1, batch, batch + 1, 3*batch + 1} {
		rows := make([]row, n)
		for i := range rows {
			rows[i].N = int64(i)
		}
		data := written(t, rows, parquet.MaxRowsPerRowGroup(2*batch))
		for _, end := range []int{n + 1, n, 1} {
			table, err := opened(t, data)
			if err != nil {
				t.Fatal(err)
			}
			read := 0
			err = table.EachRow(func([]string) error {
				if read++; read == end {
					return stop
				}
				return nil
			})
			if want := min(n, end); read != want || (err == stop) != (want == end && n > 0) || err != nil && err != stop {
				t.Errorf("%d rows, stop at %d: read %d, %v", n, end, read, err)
			}
		}
	}
}

// TestLZ4 finds the codec in any column of any group.
func TestLZ4(t *testing.T) {
	group := func(codecs ...format.CompressionCodec) (g format.RowGroup) {
		for _, codec := range codecs {
			g.Columns = append(g.Columns, format.ColumnChunk{MetaData: format.ColumnMetaData{Codec: codec}})
		}
		return g
	}
	for _, tt := range []struct {
		groups []format.RowGroup
		want   bool
	}{
		{nil, false}, {[]format.RowGroup{group(format.Snappy, format.Zstd), group(format.Gzip)}, false},
		{[]format.RowGroup{group(format.Snappy), group(format.Gzip, format.Lz4Raw)}, true},
	} {
		if got := hasLZ4(&format.FileMetaData{RowGroups: tt.groups}); got != tt.want {
			t.Errorf("%v: %t", tt.groups, got)
		}
	}
	type row struct {
		URL string `parquet:"url,lz4"`
	}
	if _, err := opened(t, written(t, []row{{"a"}})); err != errLZ4 {
		t.Errorf("%v", err)
	}
}

// TestGuarded names the damage, but for the end of the rows.
func TestGuarded(t *testing.T) {
	if err := guarded(func() error { panic("at the disk") }); err == nil || err.Error() != "damaged Parquet file: at the disk" {
		t.Error(err)
	}
	broken := errors.New("broken")
	if err := guarded(func() error { return broken }); !errors.Is(err, broken) || err.Error() != "damaged Parquet file: broken" {
		t.Error(err)
	}
	if err := guarded(func() error { return nil }); err != nil {
		t.Error(err)
	}
}
