// Package parquetfile reads the rows of Parquet files, their values as texts.
package parquetfile

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
	"unicode/utf8"

	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/format"
)

// batch is how many rows are read at once.
const batch = 128

// Table is a Parquet file as a table of texts. Columns of lists and structures are left out.
type Table struct {
	groups []parquet.RowGroup
	names  []string
	texts  []func(parquet.Value) string // of each
	places map[int]int                  // from the file's columns to those of names
	cells  []string
	buffer []parquet.Row
}

// Open reads the columns of a file. The caller closes the file after the last use of the
// table.
func Open(file *os.File) (t Table, err error) {
	info, err := file.Stat()
	if err != nil {
		return t, err
	}
	if err := checkFooter(file, info.Size()); err != nil {
		return t, err
	}
	t.buffer, t.places = make([]parquet.Row, batch), map[int]int{}
	err = guarded(func() error {
		f, err := parquet.OpenFile(file, info.Size(), parquet.SkipPageIndex(true), parquet.SkipBloomFilters(true))
		if err != nil {
			return err
		}
		if hasLZ4(f.Metadata()) {
			return errLZ4
		}
		t.groups = f.RowGroups()
		for _, group := range t.groups {
			if rows := group.NumRows(); rows < 0 || rows > 8*info.Size() {
				return fmt.Errorf("%d rows in %d bytes", rows, info.Size())
			}
		}
		for _, path := range f.Schema().Columns() {
			leaf, ok := f.Schema().Lookup(path...)
			if ok && len(path) == 1 && leaf.MaxRepetitionLevel == 0 {
				t.places[leaf.ColumnIndex] = len(t.names)
				t.names, t.texts = append(t.names, path[0]), append(t.texts, textOf(leaf.Node.Type()))
			}
		}
		return nil
	})
	t.cells = make([]string, len(t.names))
	if errors.Is(err, errLZ4) {
		err = errLZ4 // the file is not damaged
	}
	return t, err
}

// errLZ4 refuses files whose damage nobody could survive: the library gives a damaged LZ4 block
// more and more memory, until the system ends the program.
var errLZ4 = errors.New("a Parquet file that is compressed with LZ4, which grab does not read: write it with zstd or snappy")

func hasLZ4(meta *format.FileMetaData) bool {
	for _, group := range meta.RowGroups {
		for i := range group.Columns {
			if group.Columns[i].MetaData.Codec == format.Lz4Raw {
				return true
			}
		}
	}
	return false
}

// checkFooter checks the length of the footer, for which the library takes memory before it
// reads the file.
func checkFooter(file io.ReaderAt, size int64) error {
	var end [8]byte
	if _, err := file.ReadAt(end[:], max(0, size-8)); err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	if string(end[4:]) != "PAR1" || int64(binary.LittleEndian.Uint32(end[:])) > size-12 {
		return errors.New("damaged Parquet file: its end is missing")
	}
	return nil
}

// Names returns the names of the columns.
func (t *Table) Names() []string { return t.names }

// EachRow calls do with the cells of each row, one row group after another. They are valid until
// do returns. If do returns an error, EachRow returns that.
func (t *Table) EachRow(do func(cells []string) error) error {
	for _, group := range t.groups {
		var rows parquet.Rows
		if err := guarded(func() error { rows = group.Rows(); return nil }); err != nil {
			return err
		}
		err := t.each(rows, do)
		if closeErr := guarded(rows.Close); err == nil {
			err = closeErr
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// each calls do with the cells of each row of a group.
func (t *Table) each(rows parquet.Rows, do func(cells []string) error) error {
	for {
		n := 0
		err := guarded(func() (err error) {
			n, err = rows.ReadRows(t.buffer)
			return err
		})
		for _, values := range t.buffer[:n] {
			if err := guarded(func() error { t.take(values); return nil }); err != nil {
				return err
			}
			if err := do(t.cells); err != nil {
				return err
			}
		}
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return err
		case n == 0:
			return errors.New("damaged Parquet file: rows without data")
		}
	}
}

// take takes the values of a row.
func (t *Table) take(values parquet.Row) {
	clear(t.cells)
	for _, value := range values {
		at, ok := t.places[value.Column()]
		if !ok || value.IsNull() {
			continue
		}
		if text := t.texts[at](value); utf8.ValidString(text) { // what is not may be a picture
			t.cells[at] = text
		}
	}
}

// guarded calls the Parquet library, which panics on some damaged files.
func guarded(call func() error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("damaged Parquet file: %v", p)
		}
	}()
	if err = call(); err != nil && !errors.Is(err, io.EOF) {
		err = fmt.Errorf("damaged Parquet file: %w", err)
	}
	return err
}
