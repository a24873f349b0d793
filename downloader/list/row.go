package list

import (
	"errors"
	"net/http"

	"grab/downloader"
)

// row is an entry as its format has it.
type row struct {
	line      int
	text      []byte // the URL, cut one byte past [downloader.MaxURL]; valid until the next row
	invisible rune   // an invisible character that was around it; 0: none
	fields    downloader.Fields
	sha256    string
	header    http.Header // of the image's own requests
	mirrors   []string    // further URLs
	ignored   []string    // parts of the row that have no meaning here
	bad       string      // why the row cannot be read; empty: it can
	own       []byte      // the whole row, as [List.Row] gets it; valid until the next row
}

// pass is one pass over a list.
type pass struct {
	column   string // of the URLs; empty: it is guessed
	counting bool   // rows of tables need nothing but their lines
	copying  bool   // rows have their own text
	chosen   func(column string)
	begin    func(Form)
	do       func(row) bool
}

var (
	errStopped     = errors.New("stopped by the reader")
	errInterrupted = errors.New("interrupted") // ends a list quietly
)
