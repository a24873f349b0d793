package engine

import (
	"context"
	"errors"
	"io"
	"net/http"

	"grab/downloader"
	"grab/downloader/internal/cause"
	"grab/downloader/internal/client"
	"grab/downloader/internal/robots"
	"grab/downloader/live"
)

// manners are what the robots.txt of each host wishes. This process fetches them, in any
// mode: it hands out the work.
type manners struct {
	cache  *robots.Cache
	client *http.Client
}

func newManners(o downloader.Options, network client.Network) *manners {
	o.MaxRedirects, o.Header = robots.MaxRedirects, nil
	m := &manners{client: client.New(&o, network, nil)}
	m.cache = robots.New(o.UserAgent, func(ctx context.Context, url string) (int, []byte, error) { return m.get(ctx, url, o.UserAgent) })
	return m
}

// get fetches a robots.txt. It has the signature of a [robots.Fetch], but for the agent.
func (m *manners) get(ctx context.Context, url, agent string) (status int, body []byte, err error) {
	var tracker live.Tracker
	req, err := http.NewRequestWithContext(client.WithTracker(ctx, &tracker), http.MethodGet, url, nil)
	if err != nil {
		return 0, nil, err
	}
	req.Header.Set("User-Agent", agent)
	resp, err := m.client.Do(req)
	if err == nil {
		defer func() { _ = resp.Body.Close() }()
		body, err = io.ReadAll(io.LimitReader(resp.Body, robots.MaxSize))
	}
	switch {
	case errors.Is(err, downloader.ClassTooManyRedirects):
		return http.StatusFound, nil, nil
	case err != nil && ctx.Err() != nil:
		return 0, nil, downloader.FromContext(ctx, "robots.txt")
	case err != nil:
		failure := *cause.Classify(err, tracker.Phase())
		failure.Reason = "robots.txt: " + failure.Reason
		return 0, nil, &failure
	}
	return resp.StatusCode, body, nil
}

func (m *manners) close() {
	if m != nil {
		client.CloseIdle(m.client)
	}
}
