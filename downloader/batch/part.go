package batch

import (
	"hash/fnv"
	"io"
	"net/url"
	"path/filepath"
	"strings"

	"grab/downloader"
	"grab/downloader/sink"
)

// Part is one of several parts of a list, each for a machine of its own. The zero value is
// the whole list. Items keep the numbers that they have in the whole list.
type Part struct {
	Number int // from 1
	Of     int
	ByHost bool // all images of a host are in one part

	Listed bool // the list has entries, in whichever part; read it after the source has ended
}

// Dir returns the directory of the part, in the one that all parts share. Each has its own lock
// and manifest, since locks of shared file systems are not to be trusted.
func (p *Part) Dir(shared string) string {
	if p.Of == 0 {
		return shared
	}
	return filepath.Join(shared, sink.PartDir(p.Number, p.Of))
}

// Count returns how many of n entries are in the part: 0, for not known, if that depends on the
// hosts.
func (p *Part) Count(n int) int {
	switch {
	case p.Of == 0:
		return n
	case p.ByHost:
		return 0
	}
	return (n + p.Of - p.Number) / p.Of
}

// Take returns the entries of src that are in the part.
func (p *Part) Take(src downloader.Source) downloader.Source {
	if p.Of == 0 {
		return src
	}
	return func(yield func(downloader.Item, error) bool) {
		for item, err := range src {
			_, refused := err.(*downloader.Error)
			if err == nil || refused {
				p.Listed = true
				if !p.has(item, refused) {
					continue
				}
			}
			if !yield(item, err) {
				return
			}
		}
	}
}

// has reports whether an entry is in the part. What has no host goes by its place.
func (p *Part) has(item downloader.Item, refused bool) bool {
	n := uint64(item.Index)
	if host := ""; p.ByHost && !refused {
		if host = hostOf(item); host != "" {
			n = stableHash(host)
		}
	}
	return n%uint64(p.Of) == uint64(p.Number-1)
}

// hostOf returns the name of an item's host, without the port: servers that share a name share
// a part.
func hostOf(item downloader.Item) string {
	origin, err := url.Parse(item.Origin())
	if err != nil {
		return ""
	}
	return strings.TrimSuffix(origin.Hostname(), ".")
}

// stableHash is FNV-1a of 64 bits: the same on all machines, and in all versions of grab.
func stableHash(text string) uint64 {
	h := fnv.New64a()
	_, _ = io.WriteString(h, text)
	return h.Sum64()
}
