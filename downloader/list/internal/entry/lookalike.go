package entry

import (
	"strings"

	"grab/downloader/internal/sanitize"
	"grab/downloader/internal/weburl"
)

// lookalike returns what an entry is that is not a URL, and what to do. It returns "" for
// a URL, and for what has any other fault.
func lookalike(raw string) string {
	const column = "read it with -list-format csv"
	inside := strings.TrimLeft(raw, `"'`)
	switch {
	case weburl.IsData(raw), schemeOf(raw) != "" && !HasScheme(raw) && strings.HasPrefix(raw[len(schemeOf(raw)):], "://"):
		return ""
	case HasScheme(raw):
		if strings.ContainsAny(raw, "\t") {
			return "this looks like a table with tabs: read it with -list-format tsv"
		}
		if strings.Contains(raw, `,"`) || strings.Contains(raw, `;"`) {
			return "this looks like CSV: " + column
		}
		if strings.Contains(raw, " http://") || strings.Contains(raw, " https://") {
			return "more than one URL on a line: write each on a line of its own"
		}
		return ""
	case strings.HasPrefix(raw, "{"), strings.HasPrefix(raw, "["), strings.HasPrefix(raw, `"`) && strings.Contains(raw, `": `):
		return "this looks like JSON: write an object on each line, and read it with -list-format jsonl"
	case strings.HasPrefix(raw, "<"):
		return "this looks like HTML or XML: write its URLs to a list, one on each line"
	case strings.Contains(raw, "\t") && strings.Contains(raw, "://"):
		return "this looks like a table with tabs: read it with -list-format tsv"
	case strings.ContainsAny(raw, ",;") && (inside != raw || strings.Contains(raw, "://")):
		return "this looks like CSV: " + column
	case HasScheme(inside):
		return "a quote before the URL and none after it, or more than the URL between them"
	case strings.Contains(raw, " http://"), strings.Contains(raw, " https://"):
		return "words before the URL: write the URL alone"
	case IsOption(raw):
		return "this looks like an option of aria2: read the list with -list-format aria2"
	case strings.HasPrefix(raw, "//"):
		return "no scheme: write https:" + hint(raw)
	case schemeOf(raw) != "":
		return ""
	case strings.ContainsAny(raw, ",;"):
		return "no URL; if this is CSV: " + column
	case looksLikeHost(raw):
		return "no scheme: write https://" + hint(raw)
	}
	return "no scheme: an image URL begins with http:// or https://"
}

// hint returns an entry as a message repeats it, without what may be a password.
func hint(raw string) string {
	if len(raw) > 60 || strings.Contains(raw, "@") {
		return "…"
	}
	return sanitize.Text(raw, sanitize.MaxURL)
}

// looksLikeHost reports whether an entry would be a URL with a scheme before it.
func looksLikeHost(raw string) bool {
	host, _, _ := strings.Cut(raw, "/")
	_, err := weburl.Map("http://" + raw)
	return err == nil && strings.Contains(strings.Trim(host, "."), ".") && !strings.ContainsAny(raw, " \\")
}

// IsOption reports whether an indented line is an option of aria2, and not a URL.
func IsOption(text string) bool {
	name, _, found := strings.Cut(text, "=")
	return found && name != "" && strings.Trim(name, "abcdefghijklmnopqrstuvwxyz0123456789-") == ""
}
