package value

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"unicode"
)

// Headers parses request headers. Those for single hosts, which byHost has, are written
// host: Name: value.
func Headers(texts []string) (all http.Header, byHost map[string]http.Header, err error) {
	all = http.Header{}
	for _, text := range texts {
		host, text := cutHost(text)
		name, value, err := header(text)
		if err != nil {
			return nil, nil, err
		}
		if host == "" && meantForHost(name, value) { // else a secret would go to every host
			return nil, nil, fmt.Errorf("%q looks like a host; a header for one host is written host: Name: value", name)
		}
		if host == "" {
			all.Add(name, value)
			continue
		}
		if byHost == nil {
			byHost = map[string]http.Header{}
		}
		if byHost[host] == nil {
			byHost[host] = http.Header{}
		}
		byHost[host].Add(name, value)
	}
	return all, byHost, nil
}

// cutHost cuts off the host that a header is for. Names of headers have no dots in
// practice, so a word with one, before another name with its colon, is a host. So are
// localhost and a host with its port.
func cutHost(text string) (host, rest string) {
	word, rest, found := strings.Cut(text, ": ")
	if !found {
		return "", text
	}
	name, _, port := cutPort(word)
	bracketed := strings.HasPrefix(name, "[")
	if !port && !bracketed && name != "localhost" && !strings.Contains(name, ".") {
		return "", text
	}
	if !port && !bracketed && strings.Contains(name, ":") {
		return "", text
	}
	if _, _, err := header(rest); err != nil || strings.ContainsAny(name, "/ \t@*") {
		return "", text
	}
	return strings.ToLower(strings.Trim(name, "[]")) + strings.TrimPrefix(word, name), rest
}

// meantForHost reports whether a header's name is most likely a host, since its value
// reads like a header.
func meantForHost(name, value string) bool {
	if !strings.ContainsAny(name, ".*") {
		return false
	}
	first, _, _ := strings.Cut(value, " ")
	return strings.Contains(value, ":") || strings.EqualFold(first, "Authorization") || strings.EqualFold(first, "Cookie")
}

// cutPort splits host:port, and reports whether there is a port.
func cutPort(word string) (host, port string, found bool) {
	i := strings.LastIndexByte(word, ':')
	if i <= 0 || i == len(word)-1 || strings.Trim(word[i+1:], "0123456789") != "" {
		return word, "", false
	}
	return word[:i], word[i+1:], true
}

// header parses one request header. Its errors do not contain the value, which is
// often a secret.
func header(text string) (name, value string, err error) {
	name, value, found := strings.Cut(text, ":")
	if !found {
		return "", "", errors.New("has no colon; a header is written Name: value")
	}
	if name == "" || strings.ContainsFunc(name, notToken) {
		return "", "", fmt.Errorf("%q is not a header name", name)
	}
	value = strings.Trim(value, " \t")
	if strings.ContainsFunc(value, unicode.IsControl) {
		return "", "", fmt.Errorf("the value of %s contains a control character", name)
	}
	return name, value, nil
}

// notToken reports whether r is not allowed in a header name (RFC 9110, section 5.6.2).
func notToken(r rune) bool {
	switch {
	case 'a' <= r && r <= 'z', 'A' <= r && r <= 'Z', '0' <= r && r <= '9':
		return false
	default:
		return !strings.ContainsRune("!#$%&'*+-.^_`|~", r)
	}
}
