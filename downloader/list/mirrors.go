package list

import (
	"fmt"

	"grab/downloader"
	"grab/downloader/list/internal/entry"
)

// ask returns how to ask for the row's image at url, or nil: as for every other image. Mirrors
// that are no URLs are left out, of which bad hears, and so is a URL that is there twice.
func (r *row) ask(url string, bad func(what string)) *downloader.Ask {
	if len(r.header) == 0 && len(r.mirrors) == 0 {
		return nil
	}
	ask := &downloader.Ask{Header: r.header}
	seen := map[string]bool{url: true}
	for i, mirror := range r.mirrors {
		if !entry.IsPlain(mirror) {
			mirror, _ = entry.Clean(mirror)
			if reason := entry.Examine(mirror); reason != "" {
				bad(fmt.Sprintf("mirror %d: %s", i+1, reason))
				continue
			}
		}
		if !seen[mirror] {
			seen[mirror] = true
			ask.Mirrors = append(ask.Mirrors, mirror)
		}
	}
	return ask
}
