package config

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"unicode"
)

// toHeader returns a setter that parses request headers and replaces those of field.
func toHeader(field *http.Header) func([]string) error {
	return func(texts []string) error {
		h := http.Header{}
		for _, text := range texts {
			name, value, err := header(text)
			if err != nil {
				return err
			}
			h.Add(name, value)
		}
		*field = h
		return nil
	}
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
