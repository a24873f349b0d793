package weburl

import (
	"encoding/base64"
	"errors"
	"strings"
)

// IsData reports whether raw is a data: URL, which holds what it stands for (RFC 2397).
func IsData(raw string) bool { return len(raw) >= 5 && strings.EqualFold(raw[:5], "data:") }

var (
	errComma  = errors.New("a data: URL without a comma before its data")
	errBase64 = errors.New("the data of a data: URL is not base64, or not all of it is there")
)

// Data returns the media type and the bytes of a data: URL (WHATWG Fetch section 6, the
// "data: URL processor"). Base64 may have white space inside, and lack its padding.
func Data(raw string) (mediaType string, data []byte, err error) {
	raw, _, _ = strings.Cut(raw, "#")
	mediaType, body, found := strings.Cut(raw[len("data:"):], ",")
	if !found {
		return "", nil, errComma
	}
	body = decode(body)
	mediaType = strings.TrimSpace(mediaType)
	kind, coding, _ := cutLast(mediaType, ';')
	if !strings.EqualFold(strings.TrimSpace(coding), "base64") || kind == "" && coding == mediaType {
		return mediaType, []byte(body), nil
	}
	body = strings.Map(func(r rune) rune {
		if strings.ContainsRune(" \t\n\f\r", r) {
			return -1
		}
		return r
	}, body)
	if len(body)%4 == 0 {
		body = strings.TrimSuffix(strings.TrimSuffix(body, "="), "=")
	}
	data, err = base64.RawStdEncoding.DecodeString(body)
	if err != nil {
		return "", nil, errBase64
	}
	return strings.TrimSpace(kind), data, nil
}
