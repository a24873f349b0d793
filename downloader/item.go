package downloader

import (
	"iter"
	"strings"

	"grab/downloader/internal/sanitize"
	"grab/downloader/internal/weburl"
)

// Item is one entry of a list: an image to fetch.
type Item struct {
	Index int    `json:"index"` // place in the list, from 0; comments and blank lines do not count
	Line  int    `json:"line"`  // line of its file, from 1; 0 for a URL that is an argument
	URL   string `json:"url"`

	Fields     Fields `json:"fields,omitempty"`      // the row's other columns; empty: none
	WantSHA256 string `json:"want_sha256,omitempty"` // of the image, as the list has it, in hexadecimal; empty: any
	Ask        *Ask   `json:"ask,omitempty"`         // nil: as for every other image

	// Name is the pattern of the file's name, as package sink has it; empty: image_{index}.
	// Results do not have it: they have the name itself.
	Name string `json:"name,omitempty"`
}

// Source yields the items of a list, which it reads lazily. An *[Error] with an
// item means that this entry cannot be fetched; the other entries can. Any other
// error means that the rest of the list cannot be read. It is the last thing that
// a Source yields, and ends the run.
type Source = iter.Seq2[Item, error]

// MaxURL is the longest URL and the longest line of a list, in bytes. A longer line
// is a failed entry, whatever it holds. No such line is held in memory.
const MaxURL = 64 << 10

// Public returns the item without the name and password in its URL (RFC 3986
// section 3.2.1), and without its Ask and its Name. Only the origin of the URL gets the
// first two. Results, the manifest and errors have the URL without them.
func (i Item) Public() Item {
	i.URL, i.Name, i.Ask = sanitize.URL(i.URL), "", nil
	return i
}

// Origin returns scheme, host and port of the item's URL, in lower case and without the
// scheme's own port (RFC 6454 section 4). The URL must be one that a [Source] accepts.
//
// A data: URL has the origin "data:".
func (i Item) Origin() string {
	url := i.URL
	if mapped, err := weburl.Map(url); err == nil {
		url = mapped
	} else if weburl.IsData(url) {
		return "data:"
	}
	scheme, rest, _ := strings.Cut(url, "://")
	if end := strings.IndexAny(rest, "/?#\\"); end >= 0 {
		rest = rest[:end]
	}
	name := strings.ToLower(rest[strings.LastIndexByte(rest, '@')+1:])
	if scheme = strings.ToLower(scheme); scheme == "https" {
		return "https://" + strings.TrimSuffix(name, ":443")
	}
	return scheme + "://" + strings.TrimSuffix(name, ":80")
}
