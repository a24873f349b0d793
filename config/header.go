package config

import (
	"errors"
	"fmt"
	"strings"
	"unicode"
)

// header reads one request header and returns it as "Name: value". Its errors
// never repeat the value, which is often a secret.
func header(text string) (string, error) {
	name, value, found := strings.Cut(text, ":")
	if !found {
		return "", errors.New("has no colon; a header is written Name: value")
	}
	if name == "" || strings.ContainsFunc(name, notToken) {
		return "", fmt.Errorf("%q is not a header name", name)
	}
	value = strings.Trim(value, " \t")
	if strings.ContainsFunc(value, unicode.IsControl) {
		return "", fmt.Errorf("the value of %s holds a control character", name)
	}
	return name + ": " + value, nil
}

// notToken reports whether r may not stand in a header name (RFC 9110, section 5.6.2).
func notToken(r rune) bool {
	switch {
	case 'a' <= r && r <= 'z', 'A' <= r && r <= 'Z', '0' <= r && r <= '9':
		return false
	default:
		return !strings.ContainsRune("!#$%&'*+-.^_`|~", r)
	}
}
