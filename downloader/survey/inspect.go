package survey

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"iter"
	"os"
	"runtime"
	"sync"

	"grab/downloader"
	"grab/downloader/internal/folder"
	"grab/downloader/manifest"
)

// State is how the file of a finished image is found.
type State string

// The states of files.
const (
	Intact  State = "intact"  // as it was recorded, as far as was looked
	Changed State = "changed" // of another size, or with other bytes
	Missing State = "missing" // not there, or no regular file
)

// Image is a record of the manifest, and how its file is found if it is ok.
type Image struct {
	downloader.Result
	State State
}

// batch is how many files are looked at before their records are passed on. Their
// order stays that of the list.
const batch = 256

// inspect yields the records with the state of their files, which are looked at on
// all processors. An error is the last.
func inspect(ctx context.Context, root *os.Root, records *manifest.Records, hash bool) iter.Seq2[Image, error] {
	return func(yield func(Image, error) bool) {
		images := make([]Image, 0, batch)
		flush := func() bool {
			look(ctx, root, images, hash)
			for _, image := range images {
				if !yield(image, nil) {
					return false
				}
			}
			images = images[:0]
			return ctx.Err() == nil
		}
		for result, err := range records.All {
			if err != nil {
				yield(Image{}, err)
				return
			}
			if images = append(images, Image{Result: result}); len(images) == batch && !flush() {
				return
			}
		}
		flush()
	}
}

// look finds the states of the files of images.
func look(ctx context.Context, root *os.Root, images []Image, hash bool) {
	var looking sync.WaitGroup
	workers := runtime.GOMAXPROCS(0)
	for w := range workers {
		looking.Go(func() {
			for i := w; i < len(images); i += workers {
				if images[i].Status == downloader.StatusOK {
					images[i].State = stateOf(ctx, root, &images[i].Result, hash)
				}
			}
		})
	}
	looking.Wait()
}

func stateOf(ctx context.Context, root *os.Root, r *downloader.Result, hash bool) State {
	info, err := root.Lstat(r.File)
	switch {
	case err != nil || !info.Mode().IsRegular():
		return Missing
	case info.Size() != r.Bytes:
		return Changed
	case !hash:
		return Intact
	}
	file, err := folder.OpenRegular(root, r.File, os.O_RDONLY)
	if err != nil {
		return Missing
	}
	defer func() { _ = file.Close() }()
	sum := sha256.New()
	if _, err := io.Copy(sum, folder.Reader(ctx, file)); err != nil || hex.EncodeToString(sum.Sum(nil)) != r.SHA256 {
		return Changed
	}
	return Intact
}
