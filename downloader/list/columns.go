package list

import (
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"unicode"

	"grab/downloader"
	"grab/downloader/internal/sanitize"
	"grab/downloader/list/internal/entry"
)

// columns are the columns of a table.
type columns struct {
	names []string
	roles []role // of each
	url   int    // the column of the URLs
}

// role is what a column is for, besides being a field of the item.
type role uint8

const (
	field role = iota
	mirrorURL
	sum     // the SHA-256 that the image must have
	referer // of its request
)

// roleOf tells what a column is for from its name, and from that of the column of the URLs.
func roleOf(name, url string) role {
	switch strings.ToLower(name) {
	case "sha256":
		return sum
	case "referer", "referrer":
		return referer
	}
	stem, number := numbered(name)
	urlStem, urlNumber := numbered(url)
	if stem == urlStem && number > urlNumber || stem == "mirror" || stem == "mirrors" || stem == "mirror_url" {
		return mirrorURL
	}
	return field
}

// numbered cuts the number off the name of a column, such as image_url_2. Without one it is 1.
func numbered(name string) (stem string, number int) {
	name = strings.ToLower(strings.TrimSpace(name))
	stem = strings.TrimRight(name, "0123456789")
	number, err := strconv.Atoi(name[len(stem):])
	if err != nil || len(name)-len(stem) > 2 {
		return name, 1
	}
	return strings.TrimRight(stem, "_- "), number
}

// columnsOf reads the first row of a table. If a cell of it is a URL, the table has no
// header. want is the name or the number of the column of the URLs; empty: it is guessed.
func columnsOf(first []string, want string) (c columns, header bool, err error) {
	firstURL := -1
	for i := len(first) - 1; i >= 0; i-- {
		if entry.HasScheme(strings.TrimSpace(first[i])) {
			firstURL = i
		}
	}
	header = firstURL < 0
	c.names = make([]string, len(first))
	taken := map[string]bool{}
	for i := range first {
		name := strings.TrimSpace(first[i])
		if !header || name == "" {
			name = "column_" + strconv.Itoa(i+1)
		}
		for n, base := 2, name; taken[name]; n++ {
			name = base + "_" + strconv.Itoa(n)
		}
		c.names[i], taken[name] = name, true
	}
	c.url = -1
	switch {
	case want != "":
		c.url, err = named(c.names, want)
	case !header:
		c.url = firstURL
	default:
		c.url, err = guess(c.names)
	}
	c.roles = make([]role, len(c.names))
	for i, name := range c.names {
		if header && err == nil && i != c.url {
			c.roles[i] = roleOf(name, c.names[c.url])
		}
	}
	return c, header, err
}

// named returns the column that want names, or else the one with that number.
func named(names []string, want string) (int, error) {
	for i, name := range names {
		if name == want {
			return i, nil
		}
	}
	for i, name := range names {
		if strings.EqualFold(name, want) {
			return i, nil
		}
	}
	if n, err := strconv.Atoi(want); err == nil && 1 <= n && n <= len(names) {
		return n - 1, nil
	}
	return 0, fmt.Errorf("no column %s: it has %s", shown(want), shown(strings.Join(names, ", ")))
}

// guess returns the column whose name is most likely that of the URLs.
func guess(names []string) (int, error) {
	best := -1
	for i, name := range names {
		if r := rank(name); r >= 0 && (best < 0 || r < rank(names[best])) {
			best = i
		}
	}
	if best < 0 {
		return 0, errors.New("no column that looks like the one of the URLs: name it with -url-column; it has " + shown(strings.Join(names, ", ")))
	}
	return best, nil
}

func shown(text string) string { return sanitize.Text(text, sanitize.MaxURL) }

// setSum takes the SHA-256 of a row's image, which may be empty.
func (r *row) setSum(value string) {
	value = strings.ToLower(strings.TrimSpace(value))
	if sum, err := hex.DecodeString(value); value != "" && (err != nil || len(sum) != 32) {
		r.bad = "the column sha256 has no SHA-256: " + shown(value)
	}
	r.sha256 = value
}

// setReferer takes the Referer of a row's image, which may be empty.
func (r *row) setReferer(value string) {
	value = strings.TrimSpace(value)
	if strings.ContainsFunc(value, unicode.IsControl) {
		r.bad = "the column referer has a control character"
	} else if value != "" {
		r.header = http.Header{"Referer": {value}}
	}
}

// addMirror takes a further URL of a row's image, which may be empty.
func (r *row) addMirror(value string) {
	if value = strings.TrimSpace(value); value != "" && len(value) <= downloader.MaxURL {
		r.mirrors = append(r.mirrors, value)
	}
}

// take takes a cell of a column that has a role.
func (r *row) take(as role, value string) {
	switch as {
	case sum:
		r.setSum(value)
	case referer:
		r.setReferer(value)
	case mirrorURL:
		r.addMirror(value)
	}
}

// setURL takes the URL of a row. If it has none, its first mirror is the URL.
func (r *row) setURL(buffer []byte, url, column string) []byte {
	if strings.TrimSpace(url) == "" && len(r.mirrors) > 0 {
		url, r.mirrors = r.mirrors[0], r.mirrors[1:]
	}
	buffer = append(buffer[:0], url[:min(len(url), downloader.MaxURL+1)]...)
	r.text = buffer
	if len(buffer) <= downloader.MaxURL {
		r.text, r.invisible = entry.Trim(buffer)
	}
	if len(r.text) == 0 && r.bad == "" {
		r.bad = "no URL in the column " + shown(column)
	}
	return buffer
}

// setFields takes the object of the other columns, which lacks its last brace.
func (r *row) setFields(object []byte) {
	switch {
	case len(object) == 0:
	case len(object) >= downloader.MaxFields:
		r.bad = fmt.Sprintf("the other columns are longer than %d bytes", downloader.MaxFields)
	default:
		r.fields = downloader.Fields(append(object, '}'))
	}
}

// public returns a cell without the name and password of a URL.
func public(cell string) string {
	if strings.Contains(cell, "://") {
		return sanitize.URL(cell)
	}
	return cell
}
