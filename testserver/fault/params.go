package fault

import (
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// maxNumber bounds the parameters that are numbers.
const maxNumber = 1 << 30

// Params are the parameters of a fault, from the query of a URI.
type Params struct {
	values url.Values
}

// paramKinds returns the parameters and the kind of value that each takes.
func paramKinds() map[string]string {
	return map[string]string{
		"times":       "number",   // requests that have the fault, 0 for all
		"at":          "number",   // bytes sent before it
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

// SplitQuery takes the parameters of a fault out of a raw query. It returns the
// rest of the query unchanged.
func SplitQuery(raw string) (Params, string, error) {
	if raw == "" {
		return Params{}, "", nil
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
		return Params{}, "", err
	}
	for key := range values {
		if err := checkParam(kinds[key], values.Get(key)); err != nil {
			return Params{}, "", fmt.Errorf("parameter %s: %w", key, err)
		}
	}
	return Params{values}, strings.Join(rest, "&"), nil
}

func checkParam(kind, value string) error {
	switch kind {
	case "number":
		if _, ok := parseNumber(value); !ok {
			return fmt.Errorf("%q is not a number up to %d", value, maxNumber)
		}
	case "duration":
		if _, err := time.ParseDuration(value); err != nil {
			return err
		}
	}
	return nil
}

// parseNumber reads a decimal number up to maxNumber: digits only, no sign.
func parseNumber(s string) (int, bool) {
	n, err := strconv.ParseUint(s, 10, 63)
	if err != nil || n > maxNumber {
		return 0, false
	}
	return int(n), true
}

// Queries returns a query for each value of a parameter.
func Queries(key string, values ...string) []string {
	list := make([]string, len(values))
	for i, v := range values {
		list[i] = url.Values{key: {v}}.Encode()
	}
	return list
}

// Has reports whether a parameter is there.
func (p Params) Has(key string) bool { return p.values.Has(key) }

// Text returns a parameter, or def if it is not there.
func (p Params) Text(key, def string) string {
	if !p.Has(key) {
		return def
	}
	return p.values.Get(key)
}

// Number returns a parameter that is a number, or def if it is not there.
func (p Params) Number(key string, def int) int {
	if n, ok := parseNumber(p.values.Get(key)); ok {
		return n
	}
	return def
}

// Duration returns a parameter that is a duration, or def if it is not there.
func (p Params) Duration(key string, def time.Duration) time.Duration {
	if d, err := time.ParseDuration(p.values.Get(key)); err == nil {
		return d
	}
	return def
}
