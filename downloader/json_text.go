package downloader

import (
	"encoding/json"
	"strings"

	"grab/downloader/internal/sanitize"
)

// appendText appends key, and text as a JSON string.
func appendText(line []byte, key, text string) []byte {
	line = append(line, key...)
	if !sanitize.PrintableASCII(text) {
		return append(line, quoted(text)...)
	}
	line = append(line, '"')
	for {
		i := strings.IndexAny(text, `"\`)
		if i < 0 {
			break
		}
		line = append(append(line, text[:i]...), '\\', text[i])
		text = text[i+1:]
	}
	return append(append(line, text...), '"')
}

// quoted returns text as a JSON string. It does not escape HTML, since URLs have
// many ampersands.
func quoted(text string) string {
	var b strings.Builder
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	_ = enc.Encode(text) // cannot fail for a string
	return strings.TrimSuffix(b.String(), "\n")
}
