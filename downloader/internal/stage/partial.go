package stage

import (
	"io/fs"
	"strconv"
	"strings"

	"grab/downloader/internal/folder"
)

// A partial file is the beginning of an image that a run could not complete. It
// consists of the staging file and a second file that holds a Part as JSON. A
// staging file alone is worth nothing.

// Part describes the beginning of an image that an attempt has left, so that
// another attempt can ask for the rest. It needs a strong validator: without one,
// the rest could be of another version (RFC 9110 sections 13.1.5 and 14).
type Part struct {
	URL       string `json:"url"`       // as results show it
	Validator string `json:"validator"` // of the version: a strong entity tag, or a date
	Total     int64  `json:"total"`     // bytes of the whole image; -1: not known
	Size      int64  `json:"size"`      // bytes of the beginning
	SHA256    string `json:"sha256"`    // of the beginning

	LastModified string `json:"last_modified,omitempty"` // as the response had it
}

// partialSuffix ends the names of the files that hold a Part.
const partialSuffix = ".resume"

func partialName(index int) string { return strconv.Itoa(index) + partialSuffix }

// indexOf returns the index of the item that name and its suffix stand for.
func indexOf(name, suffix string) (int, bool) {
	index, err := strconv.Atoi(strings.TrimSuffix(name, suffix))
	return index, err == nil
}

// findPartials returns the indices of the items that have a partial file.
func findPartials(state *folder.Folder) (map[int]bool, error) {
	names, err := fs.Glob(state.FS(), "*"+partialSuffix)
	found := make(map[int]bool, len(names))
	for _, name := range names {
		if index, ok := indexOf(name, partialSuffix); ok {
			found[index] = true
		}
	}
	return found, err
}
