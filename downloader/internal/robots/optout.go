package robots

import (
	"net/http"
	"strings"
)

// optsOut reports whether a directive of X-Robots-Tag keeps a file out of data sets or
// indexes: https://site.spawning.ai/spawning-ai-txt and
// https://developers.google.com/search/docs/crawling-indexing/robots-meta-tag.
func optsOut(directive string) bool {
	switch directive {
	case "noai", "noimageai", "noindex", "noimageindex", "none":
		return true
	}
	return false
}

// hasValue reports whether a directive has a value after a colon. What stands before any
// other colon is an agent's name.
func hasValue(directive string) bool {
	switch directive {
	case "unavailable_after", "max-snippet", "max-image-preview", "max-video-preview":
		return true
	}
	return false
}

// OptOut reports whether the headers of a response keep the file out of data sets, and by
// which directive. An X-Robots-Tag counts if it names the agent or none. tdm-reservation
// of 1 reserves the rights to text and data mining
// (https://www.w3.org/community/reports/tdmrep/CG-FINAL-tdmrep-20240510/).
func OptOut(header http.Header, agent string) (reason string, out bool) {
	for _, line := range header["X-Robots-Tag"] {
		if directive := optOutOf(line, productToken(agent)); directive != "" {
			return "X-Robots-Tag: " + directive, true
		}
	}
	for _, value := range header["Tdm-Reservation"] {
		if strings.TrimSpace(value) == "1" {
			return "tdm-reservation: 1", true
		}
	}
	return "", false
}

// optOutOf returns the directive of an X-Robots-Tag that opts out, or "". A name counts
// for all directives after it, up to another name. Some servers join several headers
// into one line, so there may be more than one name.
func optOutOf(line, agent string) string {
	ours := true
	for part := range strings.SplitSeq(strings.ToLower(line), ",") {
		directive := strings.TrimSpace(part)
		if name, rest, found := strings.Cut(directive, ":"); found {
			name = strings.TrimSpace(name)
			if hasValue(name) || name == "" || name != productToken(name) {
				continue // a value, or part of a date
			}
			ours = name == "*" || name == agent
			directive = strings.TrimSpace(rest)
		}
		if ours && optsOut(directive) {
			return directive
		}
	}
	return ""
}
