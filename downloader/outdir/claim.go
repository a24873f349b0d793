package outdir

import (
	"errors"
	"os"
	"path/filepath"

	"grab/downloader"
)

// A claim is a file in the state folder that says: when a run began, all images
// here were grab's, so all that are here now are. It stands until that run has
// ended in order. Without it, a run that was killed between an image and its line
// would leave an image that its successor takes for a foreign file.
func claimPath(dir string) string { return filepath.Join(dir, downloader.StateDir, "own") }

func claimed(dir string) bool {
	_, err := os.Lstat(claimPath(dir))
	return err == nil
}

// claim makes the claim, before the first image is in place.
func claim(dir string, durable bool) error {
	file, err := os.Create(claimPath(dir))
	if err != nil {
		return err
	}
	if durable {
		err = file.Sync()
	}
	return errors.Join(err, file.Close())
}

func unclaim(dir string) { _ = os.Remove(claimPath(dir)) }
