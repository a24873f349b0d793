package format

import (
	"cmp"
	"strconv"
	"strings"
)

// maxText is how many bytes are kept of a line.
const maxText = 1000

// Reason returns why a run failed, in one line, or "" if it did not. A failed run stays one even if
// its error is blank.
func Reason(text string) string {
	if text == "" {
		return ""
	}
	return cmp.Or(Line(text), "for an unknown reason")
}

// Line returns a text in one line, so that no part of it passes for a line of the report. It
// replaces characters that could control a terminal or change the direction of a line, and cuts
// what is beyond maxText.
func Line(text string) string {
	if len(text) > maxText {
		text = strings.ToValidUTF8(text[:maxText], "") + "…"
	}
	return strings.Map(func(r rune) rune {
		if strconv.IsGraphic(r) {
			return r
		}
		return '\uFFFD'
	}, strings.Join(strings.Fields(text), " "))
}
