package survey

import (
	"os"
	"path/filepath"

	"grab/downloader/manifest"
	"grab/downloader/sink"
)

// places returns the directories of dir that have a manifest: itself, as "", and those of the
// parts of a list that several grabs share. If there is none, it returns itself.
func places(dir string) ([]string, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	var found []string
	has := func(place string) bool {
		info, err := os.Lstat(filepath.Join(dir, place, manifest.Name))
		return err == nil && info.Mode().IsRegular()
	}
	for _, entry := range entries {
		if entry.IsDir() && sink.IsPartDir(entry.Name()) && has(entry.Name()) {
			found = append(found, entry.Name())
		}
	}
	if _, err := os.Lstat(filepath.Join(dir, manifest.Name)); len(found) == 0 || err == nil {
		found = append([]string{""}, found...)
	}
	return found, nil
}

// countParts returns how many of places are parts.
func countParts(places []string) int {
	n := len(places)
	if places[0] == "" {
		n--
	}
	return n
}
