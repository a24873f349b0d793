package downloader

import (
	"iter"

	"grab/downloader/internal/sanitize"
)

// Item is one entry of a list: an image to fetch.
type Item struct {
	Index int    `json:"index"` // place in the list, from 0; comments and blank lines do not count
	Line  int    `json:"line"`  // line of its file, from 1; 0 for a URL that is an argument
	URL   string `json:"url"`
}

// Source yields the items of a list, read lazily. An *[Error] beside an item
// means that this entry cannot be fetched, and costs the others nothing. Any
// other error means that the list itself cannot be read any further: it is the
// last thing that a Source yields, and ends the run.
type Source = iter.Seq2[Item, error]

// MaxLine is the longest line of a list, in bytes. A longer one is a failed
// entry, whatever it holds; it is never kept in memory.
const MaxURL = 64 << 10

// The name and password before the host of a URL (RFC 3986 section 3.2.1) are
// sent to the origin of that URL, and shown to nobody: results, the manifest and
// errors have the URL without them.

// Public returns the item as results and records have it: without the name and
// password of its URL.
func (i Item) Public() Item {
	i.URL = sanitize.URL(i.URL)
	return i
}
