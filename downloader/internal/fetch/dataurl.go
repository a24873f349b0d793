package fetch

import (
	"bytes"
	"context"
	"io"

	"grab/downloader"
	"grab/downloader/internal/cause"
	"grab/downloader/internal/weburl"
	"grab/downloader/live"
)

// takeData takes the image out of a data: URL (RFC 2397), and checks and seals it like
// the body of a response. There is no request, so nothing is tried again.
func (t *transfer) takeData(ctx context.Context) *downloader.Error {
	t.tracker.Enter(live.PhaseBody)
	t.result.Attempts = t.attemptsBefore + 1
	mediaType, data, err := weburl.Data(t.item.URL)
	if err != nil {
		return &downloader.Error{Class: downloader.ClassURL, Op: "parse", Err: err}
	}
	t.result.ContentType = shortHeader(mediaType)
	if len(data) == 0 {
		return &downloader.Error{Class: downloader.ClassEmpty, Retry: downloader.RetryNever, Reason: "a data: URL without data"}
	}
	file := t.stager.Open(t.result.Index, -1)
	if err := t.save(ctx, file, bytes.NewReader(data), io.NopCloser(nil)); err != nil {
		file.Discard()
		t.identified = false
		return cause.Classify(err, live.PhaseBody)
	}
	return nil
}
