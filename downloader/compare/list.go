package compare

import (
	"bytes"
	"net/url"

	"grab/downloader"
	"grab/downloader/report"
)

// List holds the entries of a list, so that every run gets the same ones.
type List struct {
	items []downloader.Item
	bad   map[int]error // errors of entries, by index
}

// ReadList reads a source to its end. An error of the source is a [*downloader.UsageError].
func ReadList(src downloader.Source) (*List, error) {
	l := &List{bad: map[int]error{}}
	for item, err := range src {
		if bad, ok := err.(*downloader.Error); ok {
			l.bad[item.Index] = bad
		} else if err != nil {
			return nil, &downloader.UsageError{Err: err}
		}
		l.items = append(l.items, item)
	}
	return l, nil
}

// Len returns the number of entries.
func (l *List) Len() int { return len(l.items) }

func (l *List) source() downloader.Source {
	return func(yield func(downloader.Item, error) bool) {
		for _, item := range l.items {
			if !yield(item, l.bad[item.Index]) {
				return
			}
		}
	}
}

// urls returns the list for another program. If address is not empty, it takes the place of all
// hosts. Entries that are no URLs are left out.
func (l *List) urls(address string) []byte {
	var b bytes.Buffer
	for _, item := range l.items {
		if l.bad[item.Index] != nil {
			continue
		}
		to := item.URL
		if u, err := url.Parse(to); err == nil && address != "" {
			u.Host, u.User = address, nil
			to = u.String()
		}
		b.WriteString(to + "\n")
	}
	return b.Bytes()
}

// without names the first entry of the list that is not among the images, which are sorted.
func (l *List) without(images []report.Image) string {
	for i, item := range l.items {
		if i >= len(images) || images[i].Index != item.Index {
			return item.Where()
		}
	}
	return ""
}
