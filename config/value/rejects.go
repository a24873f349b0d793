package value

import "grab/downloader"

// Rejects parses which images are not wanted.
func Rejects(texts []string) (downloader.Rejects, error) {
	var r downloader.Rejects
	for _, text := range texts {
		if err := r.ParseReject(text); err != nil {
			return downloader.Rejects{}, err
		}
	}
	return r, nil
}
