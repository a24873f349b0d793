package credentials

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode"
)

// Cookie is a cookie, and where it may be sent.
type Cookie struct {
	Domain     string    // in lower case, without a leading dot
	Subdomains bool      // hosts below Domain get it too
	Path       string    // starts with a slash
	Secure     bool      // https only
	HTTPOnly   bool      // kept from a page's scripts, which grab does not run
	Expires    time.Time // zero: with the session
	Name       string
	Value      string // as it is sent
}

// httpOnly precedes the domain of a cookie that a page's scripts do not see.
const httpOnly = "#HttpOnly_"

// ParseCookies parses a cookie file in Netscape's format, as browsers' exporters and curl
// write it: a line for each cookie, with seven fields that tabs separate.
func ParseCookies(text string) ([]Cookie, error) {
	var cookies []Cookie
	number := 0
	for line := range strings.Lines(strings.TrimPrefix(text, "\ufeff")) {
		number++
		line = strings.TrimRight(line, "\r\n")
		hidden := strings.HasPrefix(line, httpOnly)
		line = strings.TrimPrefix(line, httpOnly)
		if strings.TrimSpace(line) == "" || line[0] == '#' {
			continue
		}
		c, err := parseCookie(line)
		if err != nil {
			return nil, fmt.Errorf("line %d: %w", number, err)
		}
		c.HTTPOnly = hidden
		cookies = append(cookies, c)
	}
	return cookies, nil
}

// parseCookie parses one line of a cookie file.
func parseCookie(line string) (Cookie, error) {
	f := strings.Split(line, "\t")
	if len(f) == 6 {
		f = append(f, "") // some writers leave out the tab before an empty value
	}
	if len(f) != 7 {
		return Cookie{}, fmt.Errorf("has %d fields separated by tabs, a line of Netscape's cookie format has 7", len(f))
	}
	c := Cookie{
		Domain: strings.ToLower(strings.Trim(f[0], ".")), Subdomains: strings.EqualFold(f[1], "TRUE"),
		Path: f[2], Secure: strings.EqualFold(f[3], "TRUE"), Name: f[5], Value: f[6],
	}
	expires, err := strconv.ParseFloat(f[4], 64) // some exporters write fractions of a second
	switch {
	case err != nil:
		return Cookie{}, errors.New("its fifth field is no time in seconds since 1970")
	case expires > 0:
		c.Expires = time.Unix(int64(min(expires, maxSeconds)), 0)
	}
	switch {
	case c.Domain == "":
		return Cookie{}, errors.New("has no domain")
	case !sendable(c.Name) || !sendable(c.Value) || strings.Contains(c.Name, "=") || c.Name == "":
		return Cookie{}, errors.New("the cookie's name or value cannot be sent in a header")
	case !sendable(c.Domain) || strings.ContainsAny(c.Domain, "#/?@\\ ") || !sendable(c.Path):
		return Cookie{}, errors.New("its domain or path cannot be one of a URL")
	}
	if !strings.HasPrefix(c.Path, "/") {
		c.Path = "/"
	}
	return c, nil
}

// maxSeconds is the last second of the year 9999. A later expiry is as good as none.
const maxSeconds = 253402300799

// sendable reports whether text can be part of a Cookie header. Browsers send more than
// RFC 6265 section 4.1.1 allows a server to set, such as quotes and commas.
func sendable(text string) bool {
	return !strings.ContainsFunc(text, func(r rune) bool { return r == ';' || unicode.IsControl(r) || r == unicode.ReplacementChar })
}

// FormatCookies writes cookies as ParseCookies reads them.
func FormatCookies(cookies []Cookie) string {
	var b strings.Builder
	b.WriteString("# Netscape HTTP Cookie File\n")
	upper := func(set bool) string { return strings.ToUpper(strconv.FormatBool(set)) }
	for _, c := range cookies {
		if c.HTTPOnly {
			b.WriteString(httpOnly)
		}
		domain := c.Domain
		if c.Subdomains {
			domain = "." + domain
		}
		expires := int64(0)
		if !c.Expires.IsZero() {
			expires = c.Expires.Unix()
		}
		fmt.Fprintf(&b, "%s\t%s\t%s\t%s\t%d\t%s\t%s\n",
			domain, upper(c.Subdomains), c.Path, upper(c.Secure), expires, c.Name, c.Value)
	}
	return b.String()
}
