package fetch

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"mime"
	"net/http"
	"os"
	"time"

	"grab/downloader"
	"grab/downloader/internal/cause"
	"grab/downloader/internal/client"
	"grab/downloader/internal/identity"
	"grab/downloader/internal/weburl"
	"grab/downloader/internal/work"
	"grab/downloader/live"
)

// WebList saves the list at an http or https URL to a file. It asks as for an image, with the
// same options, but has no limit of time or size.
func WebList(ctx context.Context, o *downloader.Options, address string, file *os.File) error {
	alone := *o
	alone.Workers = 1
	o = &alone
	id := identity.New(o)
	c := client.New(o, client.Network{}, id)
	defer client.CloseIdle(c)
	header := identity.RequestHeader(o)
	if o.Header["Accept"] == nil {
		header["Accept"] = []string{"*/*"}
	}
	for attempt := 1; ; attempt++ {
		failure := saveList(ctx, o, c, id, header, address, file)
		if failure == nil {
			return nil
		}
		if attempt > failure.Retries(o.Retries) || ctx.Err() != nil {
			return explainList(failure)
		}
		timer := time.NewTimer(max(work.Backoff(o.RetryMin, o.RetryMax, attempt, rand.Float64()), failure.RetryAfter))
		select {
		case <-timer.C:
		case <-ctx.Done():
			timer.Stop()
			return failure
		}
	}
}

// saveList makes one attempt.
func saveList(ctx context.Context, o *downloader.Options, c *http.Client, id *identity.Identity, header http.Header, address string, file *os.File) *downloader.Error {
	target, err := weburl.Map(address)
	if err != nil {
		return &downloader.Error{Class: downloader.ClassURL, Op: "parse", Err: err}
	}
	var tracker live.Tracker
	req, err := http.NewRequestWithContext(client.WithTracker(ctx, &tracker), http.MethodGet, target, nil)
	if err != nil {
		return &downloader.Error{Class: downloader.ClassURL, Op: "parse", Err: err}
	}
	req.Header = header
	identity.MoveUserinfo(req)
	id.Begin(req)
	req.Host = req.Header.Get("Host")
	resp, err := c.Do(req)
	if err != nil {
		if ctx.Err() != nil {
			return downloader.FromContext(ctx, tracker.Phase().String())
		}
		return cause.Classify(err, tracker.Phase())
	}
	defer func() { _ = resp.Body.Close() }()
	id.Take(resp)
	if resp.StatusCode >= 400 {
		return downloader.LocalFailure(statusFailure(resp, o))
	}
	if resp.StatusCode != http.StatusOK {
		return &downloader.Error{Class: downloader.ClassProtocol, Reason: "not a list", Err: cause.StatusError(resp.StatusCode)}
	}
	if kind, _, _ := mime.ParseMediaType(resp.Header.Get("Content-Type")); kind == "text/html" {
		return &downloader.Error{Class: downloader.ClassNotImage, Retry: downloader.RetryNever, Reason: "the server sent a web page, not a list: " + needsLogin}
	}
	tracker.Enter(live.PhaseBody)
	body := &listBody{Reader: resp.Body}
	_, err = file.Seek(0, io.SeekStart)
	if err == nil {
		err = file.Truncate(0)
	}
	if err == nil {
		_, err = io.Copy(file, body)
	}
	switch {
	case err == nil:
		return nil
	case body.err == nil:
		return downloader.LocalFailure(err)
	case ctx.Err() != nil:
		return downloader.FromContext(ctx, live.PhaseBody.String())
	}
	return cause.Classify(err, live.PhaseBody)
}

// listBody keeps its error, which is not one of the file that it is copied to.
type listBody struct {
	io.Reader
	err error
}

func (b *listBody) Read(p []byte) (n int, err error) {
	n, err = b.Reader.Read(p)
	if err != nil && err != io.EOF {
		b.err = err
	}
	return n, err
}

const needsLogin = "if it needs a login, give it with -cookies, -netrc or -H"

// explainList says what to do about a list that cannot be had.
func explainList(failure *downloader.Error) error {
	status, _ := errors.AsType[cause.StatusError](failure.Err)
	switch {
	case status == http.StatusUnauthorized, status == http.StatusForbidden:
		return fmt.Errorf("%w: %s", failure, needsLogin)
	case status == http.StatusNotFound, status == http.StatusGone:
		return fmt.Errorf("%w: there is no list at this URL", failure)
	case status != 0 && failure.Retries(1) > 0, failure.OfHost():
		return fmt.Errorf("%w: try again later", failure)
	}
	return failure
}
