package identity

import (
	"net/http"
	"net/http/cookiejar"
	"slices"

	"golang.org/x/net/publicsuffix"
)

// addCookies adds the cookies that the responses of a chain of redirects have set to
// its next request, where their rules allow it (RFC 6265 section 5.4). Some servers
// redirect to the image only with such a cookie. It takes the place of a cookie of the
// user with the same name. No other image gets these cookies.
func addCookies(next *http.Request, via []*http.Request) {
	var jar *cookiejar.Jar // most chains need none
	take := func(response *http.Response) {
		if response == nil || len(response.Header["Set-Cookie"]) == 0 {
			return
		}
		if jar == nil {
			jar, _ = cookiejar.New(&cookiejar.Options{PublicSuffixList: publicsuffix.List}) // never fails
		}
		jar.SetCookies(response.Request.URL, response.Cookies())
	}
	for _, step := range via {
		take(step.Response) // the redirect that led to this step
	}
	take(next.Response)
	if jar == nil {
		return
	}
	set := jar.Cookies(next.URL)
	own := next.Cookies()
	set = slices.DeleteFunc(set, func(c *http.Cookie) bool { // what the user's jar has taken, too
		return slices.ContainsFunc(own, func(o *http.Cookie) bool { return o.Name == c.Name && o.Value == c.Value })
	})
	kept := slices.DeleteFunc(slices.Clone(own), func(c *http.Cookie) bool {
		return slices.ContainsFunc(set, func(s *http.Cookie) bool { return s.Name == c.Name })
	})
	if len(kept) < len(own) {
		next.Header.Del("Cookie")
		set = append(kept, set...)
	}
	for _, c := range set {
		next.AddCookie(c)
	}
}
