package list

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"grab/downloader"
	"grab/downloader/list/internal/plain"
)

// maxRecord is the longest row of a table, in bytes. A quote that is never closed would
// otherwise take the rest of the list into memory.
const maxRecord = 1 << 20

// eachRecord calls p.do with each row of a table. The first row is the header, unless it has
// a URL. Empty lines are no rows.
func eachRecord(in *bufio.Reader, format Format, p pass) error {
	_, _ = plain.SkipMark(in)
	bounded := &boundedReader{Reader: in}
	seen := &recorder{Reader: bounded, on: p.copying}
	records := csv.NewReader(seen)
	records.FieldsPerRecord, records.ReuseRecord = -1, true
	records.Comma, records.LazyQuotes = '\t', format == TSV
	if format == CSV {
		records.Comma = separator(plain.FirstLine(in))
	}
	var table *columns
	var url, object []byte
	for {
		bounded.left = maxRecord
		cells, err := records.Read()
		if err == io.EOF {
			return nil
		}
		own := seen.cut(records.InputOffset())
		bad, broken := errors.AsType[*csv.ParseError](err)
		if err != nil && !broken {
			return err
		}
		var r row
		switch {
		case broken && table == nil:
			return fmt.Errorf("the header: %w", err)
		case broken:
			r = row{line: bad.StartLine, bad: "CSV: " + bad.Err.Error()}
		default:
			if table == nil {
				c, header, err := columnsOf(cells, p.column)
				if err != nil {
					return err
				}
				table = &c
				p.chosen(c.names[c.url])
				p.begin(Form{Format: format, Header: headerOf(table, header, own, records.Comma)})
				if header {
					continue
				}
			}
			r.line, _ = records.FieldPos(0)
			if p.counting {
				break
			}
			object, url = r.fill(table, cells, object[:0], url)
			r.own = own
		}
		if !p.do(r) {
			return errStopped
		}
	}
}

// headerOf returns the header of a list that has some rows of a table: that of the table,
// or else one with the same names, but for the column of the URLs, which has to be found.
func headerOf(table *columns, there bool, own []byte, comma rune) string {
	if there {
		return string(own)
	}
	names := slices.Clone(table.names)
	names[table.url] = "url"
	var b strings.Builder
	w := csv.NewWriter(&b)
	w.Comma = comma
	_ = w.Write(names)
	w.Flush()
	return b.String()
}

// fill takes the cells of a row. It returns its buffers, for the next row.
func (r *row) fill(table *columns, cells []string, object, url []byte) (_, _ []byte) {
	address := ""
	for i, cell := range cells {
		name := ""
		if i < len(table.names) {
			name = table.names[i]
		} else {
			name = fmt.Sprintf("column_%d", i+1)
		}
		if i == table.url {
			address = cell
			continue
		}
		object = downloader.AppendField(object, name, public(cell))
		if i < len(table.roles) && table.roles[i] != field {
			r.take(table.roles[i], cell)
		}
	}
	url = r.setURL(url, address, table.names[table.url])
	r.setFields(object)
	return object, url
}

// separator returns the character that separates the cells of a line: the one that there
// is most of outside quotes.
func separator(line []byte) rune {
	counts := map[byte]int{}
	quoted := false
	for _, c := range line {
		if c == '"' {
			quoted = !quoted
		} else if !quoted {
			counts[c]++
		}
	}
	best := byte(',')
	for _, c := range []byte(";\t") {
		if counts[c] > counts[best] {
			best = c
		}
	}
	return rune(best)
}

// boundedReader fails when more is read than is left.
type boundedReader struct {
	io.Reader
	left int
}

func (b *boundedReader) Read(p []byte) (int, error) {
	if b.left <= 0 {
		return 0, fmt.Errorf("a row longer than %d bytes: is there a quote that is not closed?", maxRecord)
	}
	n, err := b.Reader.Read(p)
	b.left -= n
	return n, err
}

// recorder keeps what is read, if it is on.
type recorder struct {
	io.Reader
	on    bool
	kept  []byte
	start int64 // place of kept in what was read
}

func (r *recorder) Read(p []byte) (int, error) {
	n, err := r.Reader.Read(p)
	if r.on {
		r.kept = append(r.kept, p[:n]...)
	}
	return n, err
}

// cut returns what was kept up to a place, without the empty lines before it. It is valid
// until the next call.
func (r *recorder) cut(end int64) []byte {
	if !r.on {
		return nil
	}
	n := int(end - r.start)
	own := r.kept[:n:n]
	r.kept, r.start = r.kept[n:], end
	return bytes.TrimLeft(own, "\r\n")
}
