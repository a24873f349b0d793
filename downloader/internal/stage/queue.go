package stage

import (
	"os"

	"grab/downloader/internal/folder"
)

// queueName is the file of the images that wait and find no room in memory. It is new in
// each run, so no link can take its place.
const queueName = "queue"

// Queue is a file for the time of a run.
type Queue struct {
	*os.File
	folder *folder.Folder
}

// OpenQueue makes an empty file in the state folder. Only the parent process calls it,
// at most once.
func (d *Dir) OpenQueue() (*Queue, error) {
	_ = d.state.Remove(queueName) // of a run that was killed
	file, err := d.state.Root.OpenFile(queueName, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return nil, err
	}
	_ = d.state.Remove(queueName) // so that a kill leaves nothing; Windows keeps an open file
	return &Queue{file, d.state}, nil
}

// Close closes the file and removes it, if that was not possible before.
func (q *Queue) Close() error {
	err := q.File.Close()
	_ = q.folder.Remove(queueName)
	return err
}
