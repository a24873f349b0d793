package credentials

import (
	"net/http"
	"strings"
)

// PublicHeader reports whether a header of the user is no secret, so that it goes to every
// origin. It says what the client is and what it takes, which each step of a chain of
// redirects has to know: servers of images refuse a foreign User-Agent or Referer. Any other
// header may be a secret. The name may be written in any case.
func PublicHeader(name string) bool {
	name = http.CanonicalHeaderKey(name)
	return name == "User-Agent" || name == "Referer" || name == "Accept" || strings.HasPrefix(name, "Accept-")
}
