package compare

import "grab/downloader"

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
