package outdir

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"

	"grab/downloader"
	"grab/downloader/internal/folder"
	"grab/downloader/sink"
)

// A claim is a file in the state folder that says: when a run began, all images
// here were grab's, so all that are here now are. It stands until that run has
// ended in order. Without it, a run that was killed between an image and its line
// would leave an image that its successor takes for a foreign file.
const claimName = "own"

// claimText is what a claim holds. An empty file of that name, or one with another
// content, is none.
const claimText = "All images here were grab's when a run began.\n"

// wideClaim is what it holds if items had names of their own. It begins with the other
// text, which is true as well: a run that is killed while it writes this leaves that. A
// claim that came with an archive must not make grab's what was there before, so it names
// itself by the number of its file. Without one, there is no such claim.
func wideClaim(files *sink.Files) (string, bool) {
	name := downloader.StateDir + "/" + claimName
	info, err := files.Stat(name)
	if err != nil {
		return "", false
	}
	number := inode(files, name, info)
	return fmt.Sprintf("%sSo were those in folders, whatever their names, says file %d.\n", claimText, number), number != 0
}

// claimed reports whether a claim stands, and whether it is the wide one.
func claimed(files *sink.Files, state *folder.Folder) (stands, wide bool, err error) {
	const longest = int64(len(claimText) + 100)
	text, err := folder.Read(state.Root, claimName, longest)
	if errors.Is(err, fs.ErrNotExist) {
		return false, false, nil
	}
	own, ok := wideClaim(files)
	return strings.HasPrefix(string(text), claimText), ok && string(text) == own, err
}

// claim makes the claim, before the first image is in place. One that stands is not
// written again, not even for a moment. The claim reaches the disk at once, since images
// may reach it before their lines do: after a power cut, an empty claim would be none.
// Only a durable run needs a file system that can do that.
func claim(state *folder.Folder, text string, stands, durable bool) error {
	file, err := folder.OpenRegular(state.Root, claimName, os.O_WRONLY|os.O_CREATE)
	if err != nil {
		return err
	}
	if !stands {
		_, err = file.WriteString(text)
		if err == nil {
			err = file.Truncate(int64(len(text)))
		}
	}
	if unsynced := file.Sync(); durable && err == nil {
		err = unsynced
	}
	return errors.Join(err, file.Close())
}

func unclaim(state *folder.Folder) { _ = state.Remove(claimName) }
