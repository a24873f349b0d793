package outdir

import (
	"cmp"
	"strings"
	"sync"

	"grab/downloader"
)

// once stores equal bytes once. An image whose bytes a file here has already becomes a
// second name of that file. No file is written once it is in its place: it is replaced by
// a rename, or removed. So the other names keep their bytes.
type once struct {
	turns [256]sync.Mutex // by the first byte of the hash: of two equal images the second waits

	// The lock of the directory guards what follows.
	placed  map[string]string // by hash: files that the journal has not observed yet
	refused int
	err     error
}

// wait lets one image at a time through of those whose hashes begin with the same byte.
func (o *once) wait(sum string) (done func()) {
	var first byte
	for _, digit := range []byte(sum[:min(2, len(sum))]) {
		first = first<<4 | byte(strings.IndexByte("0123456789abcdef", digit))
	}
	o.turns[first].Lock()
	return o.turns[first].Unlock
}

// observed forgets a file that the journal knows now.
func (o *once) observed(r *downloader.Result) {
	if o.placed[r.SHA256] == r.File {
		delete(o.placed, r.SHA256)
	}
}

func (o *once) refuse(err error) {
	o.refused++
	o.err = cmp.Or(o.err, err)
}
