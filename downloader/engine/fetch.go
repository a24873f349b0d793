package engine

import (
	"context"
	"errors"

	"grab/downloader"
	"grab/downloader/list"
	"grab/downloader/outdir"
)

// Fetch downloads images in pool mode with the options of [downloader.Defaults]. The
// images and their manifest go into the directory dir, which it makes if it is missing.
// Images that an earlier call has left there are not fetched again.
//
// The summary says how many images failed. An error means that the run broke, as for
// [Engine.Run], or that dir cannot be used.
func Fetch(ctx context.Context, dir string, urls ...string) (summary downloader.Summary, err error) {
	out, err := outdir.Open(dir, outdir.Options{})
	if err != nil {
		return summary, err
	}
	defer func() { err = errors.Join(err, out.Close()) }()
	opts := downloader.Defaults()
	opts.Dir = dir
	e, err := New(opts, Deps{Output: out})
	if err != nil {
		return summary, err
	}
	lists := make([]list.List, len(urls))
	for i, url := range urls {
		lists[i] = list.List{URL: url}
	}
	return e.Run(ctx, list.Read(lists...))
}
