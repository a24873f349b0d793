package list

import (
	"os"

	"grab/downloader"
	"grab/downloader/list/internal/parquetfile"
)

// eachParquet calls p.do with each row of a Parquet file. The own text of a row is a line of
// JSON.
func eachParquet(name string, p pass) error {
	file, err := os.Open(name)
	if err != nil {
		return err
	}
	defer func() { _ = file.Close() }()
	t, err := parquetfile.Open(file)
	if err != nil {
		return err
	}
	c, _, err := columnsOf(t.Names(), p.column)
	if err != nil {
		return err
	}
	p.chosen(c.names[c.url])
	p.begin(Form{Format: JSONL, Column: c.names[c.url]})
	line := 0
	var url, object, own []byte
	return t.EachRow(func(cells []string) error {
		line++
		r := row{line: line}
		if !p.counting {
			object, url = r.fill(&c, cells, object[:0], url)
		}
		if p.copying {
			own = appendObject(own[:0], c.names, cells)
			r.own = own
		}
		if !p.do(r) {
			return errStopped
		}
		return nil
	})
}

func appendObject(object []byte, names, cells []string) []byte {
	for i, name := range names {
		object = downloader.AppendField(object, name, cells[i])
	}
	return append(object, '}')
}
