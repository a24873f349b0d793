package downloader

import (
	"context"
	"time"
)

// sequential is the mode that the others are measured against, and the plainest
// statement of what all of them do: take an item, fetch it, go on.
func (r *run) sequential(taking, working context.Context, src Source, by executor) error {
	if taking.Err() != nil {
		return nil
	}
	for item, err := range src {
		if bad, ok := err.(*Error); ok {
			r.refuse(item, bad)
		} else if err != nil {
			return &ListError{err}
		} else {
			r.process(working, by, item, time.Now())
		}
		if taking.Err() != nil {
			break
		}
	}
	return nil
}
