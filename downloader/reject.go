package downloader

import (
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
)

// Rejects says which images are not wanted although they are whole: those that a site sends
// in place of an image that it has removed.
type Rejects struct {
	SHA256 []string `json:"sha256,omitempty"` // of the image, in lower-case hexadecimal
	URLs   []string `json:"urls,omitempty"`   // patterns of the final URL, in lower case
}

// ParseReject adds what a text names: sha256:HEX or url:PATTERN.
func (r *Rejects) ParseReject(text string) error {
	kind, value, _ := strings.Cut(text, ":")
	value = strings.ToLower(strings.TrimSpace(value))
	switch kind {
	case "sha256":
		if !isSHA256(value) {
			return fmt.Errorf("%q has no SHA-256 of 64 hexadecimal digits", text)
		}
		r.SHA256 = append(r.SHA256, value)
	case "url":
		if value == "" {
			return fmt.Errorf("%q has no pattern", text)
		}
		r.URLs = append(r.URLs, value)
	default:
		return fmt.Errorf("%q is neither sha256:HEX nor url:PATTERN", text)
	}
	return nil
}

func isSHA256(text string) bool {
	sum, err := hex.DecodeString(text)
	return err == nil && len(sum) == 32
}

func (r *Rejects) empty() bool { return len(r.SHA256)+len(r.URLs) == 0 }

// valid reports whether r is as [Rejects.ParseReject] makes it.
func (r *Rejects) valid() bool {
	return !slices.ContainsFunc(r.SHA256, func(sum string) bool { return !isSHA256(sum) }) && !slices.Contains(r.URLs, "")
}

// URL returns the pattern that a final URL matches, and "" if it matches none. "*" stands for
// any text. The case of letters and the fragment do not count.
func (r *Rejects) URL(final string) string {
	if len(r.URLs) == 0 {
		return ""
	}
	final, _, _ = strings.Cut(strings.ToLower(final), "#")
	for _, pattern := range r.URLs {
		if matchesAll(pattern, final) {
			return pattern
		}
	}
	return ""
}

// matchesAll reports whether a pattern matches the whole of text.
func matchesAll(pattern, text string) bool {
	first, pattern, wild := strings.Cut(pattern, "*")
	text, ok := strings.CutPrefix(text, first)
	if !wild {
		return ok && text == ""
	}
	for ok {
		var part string
		if part, pattern, wild = strings.Cut(pattern, "*"); !wild {
			return strings.HasSuffix(text, part)
		}
		_, text, ok = strings.Cut(text, part) // the earliest leaves most for the others
	}
	return false
}
