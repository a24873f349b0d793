package naming

import (
	"fmt"
	"net/url"
	"path"
	"strings"

	"grab/downloader"
	"grab/downloader/internal/weburl"
)

// field is a field of a template. What an item has no value for is missing.
type field struct {
	name  string
	width int // of a number, filled up with zeros
}

// builtIn returns the fields that every item has, or its URL. Columns of the same names
// are behind them.
func builtIn() []string {
	return []string{"index", "line", "host", "path", "dir", "base", "stem"}
}

// valuesOf are the values of an item's fields.
type valuesOf struct {
	item downloader.Item
	row  columns

	split    bool // what follows is set
	host     string
	elements []string // of the path
}

// of returns the value of a field, or nothing if the item has none.
func (v *valuesOf) of(f field) string {
	switch f.name {
	case "index":
		return fmt.Sprintf("%0*d", f.width, v.item.Index)
	case "line":
		if v.item.Line == 0 {
			return ""
		}
		return fmt.Sprintf("%0*d", f.width, v.item.Line)
	}
	v.splitURL()
	last := len(v.elements) - 1
	switch f.name {
	case "host":
		return v.host
	case "path":
		return strings.Join(v.elements, "/")
	case "dir":
		return strings.Join(v.elements[:max(last, 0)], "/")
	case "base", "stem":
		if last < 0 {
			return ""
		}
		base := v.elements[last]
		if ext := path.Ext(base); f.name == "stem" && len(ext) < len(base) {
			return strings.TrimSuffix(base, ext)
		}
		return base
	}
	value, _ := v.row.of(f.name)
	return element(value)
}

// splitURL takes the item's URL apart.
func (v *valuesOf) splitURL() {
	if v.split {
		return
	}
	v.split = true
	mapped, err := weburl.Map(v.item.URL)
	if err != nil {
		if weburl.IsData(v.item.URL) {
			v.host = "data"
		}
		return
	}
	scheme, rest, _ := strings.Cut(mapped, "://")
	if end := strings.IndexAny(rest, "?#"); end >= 0 {
		rest = rest[:end]
	}
	authority, rest, _ := strings.Cut(rest, "/")
	v.host = hostName(scheme, authority[strings.LastIndexByte(authority, '@')+1:])
	for text := range strings.SplitSeq(rest, "/") {
		if text == "" {
			continue
		}
		if decoded, err := url.PathUnescape(text); err == nil {
			text = decoded
		}
		v.elements = append(v.elements, element(text))
	}
}

// hostName returns a host, with its port if that is not the scheme's own: wget writes
// it so.
func hostName(scheme, host string) string {
	host = strings.ToLower(host)
	host = strings.TrimSuffix(host, map[string]string{"http": ":80", "https": ":443"}[scheme])
	name, port := host, ""
	if at := strings.LastIndexByte(host, ':'); at > strings.LastIndexByte(host, ']') {
		name, port = host[:at], host[at+1:]
	}
	name = element(strings.Trim(name, "[]"))
	if port != "" {
		name += "+" + port
	}
	return name
}

// element makes a value part of one element of a path, and takes marks from it.
func element(value string) string {
	return withoutMarks(strings.ReplaceAll(value, "/", "_"))
}
