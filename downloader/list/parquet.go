package list

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
	"unicode/utf8"

	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/format"

	"grab/downloader"
)

// parquetRows is how many rows of a Parquet file are read at once.
const parquetRows = 128

// eachParquet calls p.do with each row of a Parquet file, one row group after another. Values
// are texts, as those of CSV. Columns of lists and structures are left out. The own text of a
// row is a line of JSON.
func eachParquet(name string, p pass) error {
	file, err := os.Open(name)
	if err != nil {
		return err
	}
	defer func() { _ = file.Close() }()
	t, err := openParquet(file)
	if err != nil {
		return err
	}
	c, _, err := columnsOf(t.names, p.column)
	if err != nil {
		return err
	}
	p.chosen(c.names[c.url])
	p.begin(Form{Format: JSONL, Column: c.names[c.url]})
	line := 0
	var url, object, own []byte
	for _, group := range t.groups {
		var rows parquet.Rows
		if err := guarded(func() error { rows = group.Rows(); return nil }); err != nil {
			return err
		}
		err := t.eachRow(rows, func(cells []string) bool {
			line++
			r := row{line: line}
			if !p.counting {
				object, url = r.fill(&c, cells, object[:0], url)
			}
			if p.copying {
				own = appendObject(own[:0], c.names, cells)
				r.own = own
			}
			return p.do(r)
		})
		if closeErr := guarded(rows.Close); err == nil {
			err = closeErr
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func appendObject(object []byte, names, cells []string) []byte {
	for i, name := range names {
		object = downloader.AppendField(object, name, cells[i])
	}
	return append(object, '}')
}

// parquetTable is what is read of a Parquet file.
type parquetTable struct {
	groups []parquet.RowGroup
	names  []string
	texts  []func(parquet.Value) string // of each
	places map[int]int                  // from the file's columns to those of names
	cells  []string
	buffer []parquet.Row
}

func openParquet(file *os.File) (p parquetTable, err error) {
	info, err := file.Stat()
	if err != nil {
		return p, err
	}
	if err := checkFooter(file, info.Size()); err != nil {
		return p, err
	}
	p.buffer, p.places = make([]parquet.Row, parquetRows), map[int]int{}
	err = guarded(func() error {
		f, err := parquet.OpenFile(file, info.Size(), parquet.SkipPageIndex(true), parquet.SkipBloomFilters(true))
		if err != nil {
			return err
		}
		if hasLZ4(f.Metadata()) {
			return errLZ4
		}
		p.groups = f.RowGroups()
		for _, group := range p.groups {
			if rows := group.NumRows(); rows < 0 || rows > 8*info.Size() {
				return fmt.Errorf("%d rows in %d bytes", rows, info.Size())
			}
		}
		for _, path := range f.Schema().Columns() {
			leaf, ok := f.Schema().Lookup(path...)
			if ok && len(path) == 1 && leaf.MaxRepetitionLevel == 0 {
				p.places[leaf.ColumnIndex] = len(p.names)
				p.names, p.texts = append(p.names, path[0]), append(p.texts, textOf(leaf.Node.Type()))
			}
		}
		return nil
	})
	p.cells = make([]string, len(p.names))
	if errors.Is(err, errLZ4) {
		err = errLZ4 // the file is not damaged
	}
	return p, err
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

// eachRow calls do with the cells of each row, which are valid until do returns.
func (p *parquetTable) eachRow(rows parquet.Rows, do func(cells []string) bool) error {
	for {
		n := 0
		err := guarded(func() (err error) {
			n, err = rows.ReadRows(p.buffer)
			return err
		})
		for _, values := range p.buffer[:n] {
			if err := guarded(func() error { p.take(values); return nil }); err != nil {
				return err
			}
			if !do(p.cells) {
				return errStopped
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
func (p *parquetTable) take(values parquet.Row) {
	clear(p.cells)
	for _, value := range values {
		at, ok := p.places[value.Column()]
		if !ok || value.IsNull() {
			continue
		}
		if text := p.texts[at](value); utf8.ValidString(text) { // what is not may be a picture
			p.cells[at] = text
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
