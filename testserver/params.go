package testserver

import (
	"fmt"
	"net/url"
	"strings"
	"time"
)

// params are the parameters of a fault, in the query of a URI.
type params struct {
	values url.Values
}

// paramKinds returns the parameters that there are and what they must be.
func paramKinds() map[string]string {
	return map[string]string{
		"times":       "number",   // of requests that meet the fault, 0: all
		"at":          "number",   // of bytes sent before it
		"status":      "number",   // of HTTP
		"hops":        "number",   // redirects still to come
		"rate":        "number",   // bytes a second
		"size":        "number",   // of a flood or bomb, in bytes
		"pause":       "duration", // between bytes, or before the fault
		"skew":        "duration", // of the server's clock
		"kind":        "text",     // which of several cases
		"type":        "text",     // of the content
		"name":        "text",     // of the file
		"to":          "text",     // target of a redirect
		"retry-after": "text",
	}
}

// splitQuery takes the parameters of a fault out of a raw query, and returns
// the rest as it was.
func splitQuery(raw string) (params, string, error) {
	if raw == "" {
		return params{}, "", nil
	}
	kinds := paramKinds()
	var mine, rest []string
	for pair := range strings.SplitSeq(raw, "&") {
		key, _, _ := strings.Cut(pair, "=")
		if kinds[key] == "" {
			rest = append(rest, pair)
		} else {
			mine = append(mine, pair)
		}
	}
	values, err := url.ParseQuery(strings.Join(mine, "&"))
	if err != nil {
		return params{}, "", err
	}
	for key := range values {
		if err := checkParam(kinds[key], values.Get(key)); err != nil {
			return params{}, "", fmt.Errorf("parameter %s: %w", key, err)
		}
	}
	return params{values}, strings.Join(rest, "&"), nil
}

func checkParam(kind, value string) error {
	switch kind {
	case "number":
		if _, ok := number(value, maxBytes); !ok {
			return fmt.Errorf("%q is not a number up to %d", value, maxBytes)
		}
	case "duration":
		if _, err := time.ParseDuration(value); err != nil {
			return err
		}
	}
	return nil
}

func (p params) has(key string) bool { return p.values.Has(key) }

func (p params) text(key, def string) string {
	if !p.has(key) {
		return def
	}
	return p.values.Get(key)
}

func (p params) number(key string, def int) int {
	if n, ok := number(p.values.Get(key), maxBytes); ok {
		return int(n)
	}
	return def
}

func (p params) duration(key string, def time.Duration) time.Duration {
	if d, err := time.ParseDuration(p.values.Get(key)); err == nil {
		return d
	}
	return def
}
