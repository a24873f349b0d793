package client

import (
	"net/http"

	"grab/downloader"
	"grab/downloader/internal/identity"
	"grab/downloader/internal/weburl"
)

// redirectRule is that of package identity. It counts a redirect that leads back to the first
// origin as another request there.
func redirectRule(o *downloader.Options, id *identity.Identity) func(*http.Request, []*http.Request) error {
	rule := identity.RedirectRule(o, id)
	return func(next *http.Request, via []*http.Request) error {
		if err := rule(next, via); err != nil {
			return err
		}
		if weburl.SameOrigin(via[0].URL, next.URL) {
			trackerOf(next.Context()).Repeat()
		}
		return nil
	}
}
