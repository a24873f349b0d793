package command

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"

	"grab/config"
	"grab/downloader"
	"grab/downloader/internal/fetch"
	"grab/downloader/internal/sanitize"
)

// fetchLists fetches the lists that are named by URLs into files. The caller calls remove
// after the last use of these.
func fetchLists(ctx context.Context, cfg *config.Config) (files map[string]string, remove func(), err error) {
	if len(cfg.WebLists) == 0 {
		return nil, func() {}, nil
	}
	dir, err := os.MkdirTemp("", "grab-lists-")
	if err != nil {
		return nil, nil, fmt.Errorf("-list: %w; TMPDIR names the folder", err)
	}
	remove = func() { _ = os.RemoveAll(dir) }
	opts := cfg.Options
	opts.UserAgent = cmp.Or(opts.UserAgent, "grab/"+version)
	files = map[string]string{}
	for i, url := range cfg.WebLists {
		name := filepath.Join(dir, strconv.Itoa(i))
		if err := fetchList(ctx, &opts, url, name); err != nil {
			remove()
			if !errors.Is(err, downloader.ClassDiskFull) && !errors.Is(err, downloader.ClassIO) {
				err = &downloader.UsageError{Source: "list " + sanitize.URL(url), Err: err}
			}
			return nil, nil, err
		}
		files[url] = name
	}
	return files, remove, nil
}

func fetchList(ctx context.Context, o *downloader.Options, url, name string) error {
	file, err := os.Create(name)
	if err != nil {
		return err
	}
	err = fetch.WebList(ctx, o, url, file)
	if closeErr := file.Close(); err == nil {
		err = closeErr
	}
	return err
}
