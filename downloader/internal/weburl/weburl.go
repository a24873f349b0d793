// Package weburl maps URLs as people and servers write them to the form that a request
// needs: ASCII, with one spelling for a host. Every check of a URL looks at that form, so
// that no check and no connection understand a URL differently.
//
// The rules are those of the WHATWG URL standard, which browsers follow, where they do
// not change a URL that is valid by RFC 3986: such a URL stays as it is, byte for byte.
package weburl

import (
	"errors"
	"strconv"
	"strings"
)

// Errors that say why a text is not a URL. They quote nothing, since a part of it may be
// a password.
var (
	errScheme    = errors.New("not an http or https URL")
	errSlashes   = errors.New("no // after the scheme")
	errPort      = errors.New("the port is no number from 0 to 65535")
	errSpace     = errors.New("a space before an @: write it as %20 if it is part of a password")
	errAmbiguous = errors.New("a backslash before an @: it is not clear what the host is")
)

// Map returns the form of an absolute http or https URL that a request needs. Applied to
// its own result, Map changes nothing. It accepts any bytes: those that are not ASCII are
// percent-encoded one by one, except in a host.
func Map(raw string) (string, error) {
	if IsPlain(raw) {
		return raw, nil
	}
	scheme, rest, _ := strings.Cut(raw, ":")
	scheme = strings.ToLower(scheme)
	if scheme != "http" && scheme != "https" {
		return "", errScheme
	}
	if len(rest) < 2 || !isSlash(rest[0]) || !isSlash(rest[1]) {
		return "", errSlashes
	}
	rest, err := mapAfterScheme(rest[2:])
	if err != nil {
		return "", err
	}
	return scheme + "://" + rest, nil
}

// mapAfterScheme maps what follows the two slashes: authority, path, query and fragment.
// A backslash is a slash, as for browsers (WHATWG URL section 4.4, "special" schemes).
func mapAfterScheme(rest string) (string, error) {
	authority, tail := cutBefore(rest, `/\?#`)
	if wider, _ := cutBefore(rest, "/?#"); strings.Contains(wider[len(authority):], "@") {
		return "", errAmbiguous // RFC 3986 and the WHATWG standard name different hosts
	}
	userinfo, host, found := cutLast(authority, '@')
	if strings.Contains(userinfo, " ") {
		return "", errSpace // more likely two words of a text than a password
	}
	if found {
		userinfo = encode(userinfo, userinfoSet) + "@"
	}
	host, port, err := cutPort(host)
	if err != nil {
		return "", err
	}
	if host, err = mapHost(host); err != nil {
		return "", err
	}
	return userinfo + host + port + mapTail(tail), nil
}

// mapTail maps a path, which may be relative, with its query and its fragment.
func mapTail(tail string) string {
	tail, fragment, hasFragment := strings.Cut(tail, "#")
	path, query, hasQuery := strings.Cut(tail, "?")
	mapped := encode(strings.ReplaceAll(path, `\`, "/"), pathSet)
	if hasQuery {
		mapped += "?" + encode(query, querySet)
	}
	if hasFragment {
		mapped += "#" + encode(fragment, pathSet)
	}
	return mapped
}

// cutPort splits a host from its port, which keeps its colon.
func cutPort(host string) (name, port string, err error) {
	colon := strings.LastIndexByte(host, ':')
	if colon < 0 || strings.Contains(host[colon:], "]") { // in an IPv6 address
		return host, "", nil
	}
	name, port = host[:colon], host[colon+1:]
	if port == "" {
		return name, "", nil
	}
	if _, err := strconv.ParseUint(port, 10, 16); err != nil {
		return "", "", errPort
	}
	return name, ":" + port, nil
}

func isSlash(c byte) bool { return c == '/' || c == '\\' }

// cutBefore splits s before the first of the bytes in ends.
func cutBefore(s, ends string) (before, rest string) {
	if i := strings.IndexAny(s, ends); i >= 0 {
		return s[:i], s[i:]
	}
	return s, ""
}

// cutLast splits s around the last c. If there is none, after is s.
func cutLast(s string, c byte) (before, after string, found bool) {
	i := strings.LastIndexByte(s, c)
	if i < 0 {
		return "", s, false
	}
	return s[:i], s[i+1:], true
}
