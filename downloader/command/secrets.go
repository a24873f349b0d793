package command

import (
	"fmt"
	"net/http"

	"grab/downloader"
)

// warnOfSecrets returns src. If a header of the user is a secret of one host, warn gets a
// word when the list names another, which gets it too. A redirect to it would not.
func warnOfSecrets(src downloader.Source, header http.Header, warn func(string)) downloader.Source {
	secret := ""
	for _, name := range []string{"Cookie", "Authorization"} {
		if header.Get(name) != "" {
			secret = name
		}
	}
	if secret == "" {
		return src
	}
	return func(yield func(downloader.Item, error) bool) {
		first, warned := "", false
		for item, err := range src {
			if err == nil && !warned {
				origin := item.Origin()
				switch first {
				case "":
					first = origin
				case origin:
				default:
					warn(fmt.Sprintf("-H %s goes to every host of the list: to %s as well as to %s", secret, origin, first))
					warned = true
				}
			}
			if !yield(item, err) {
				return
			}
		}
	}
}
