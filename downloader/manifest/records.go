package manifest

import (
	"cmp"
	"encoding/json"
	"fmt"
	"os"
	"slices"

	"grab/downloader"
	"grab/downloader/internal/folder"
	"grab/downloader/internal/sanitize"
)

// Records are the last lines of all URLs of a manifest. It is for looking at a
// directory, in which another grab may be at work.
type Records struct {
	file    *os.File
	history history
	ids     []uint32 // in the order of the list
}

// Read reads the manifest in dir, which it does not lock. The caller closes it. A
// directory without a manifest is an error for which [os.IsNotExist] holds.
func Read(dir string) (*Records, error) {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, err
	}
	defer func() { _ = root.Close() }()
	file, err := folder.OpenRegular(root, Name, os.O_RDONLY)
	if err != nil {
		return nil, err
	}
	r := &Records{file: file}
	if err := r.read(); err != nil {
		_ = file.Close()
		return nil, err
	}
	return r, nil
}

func (r *Records) read() error {
	if err := r.history.read(r.file); err != nil {
		return err
	}
	for id := range uint32(r.history.count) {
		if r.history.at(id).status != saysNothing {
			r.ids = append(r.ids, id)
		}
	}
	slices.SortFunc(r.ids, func(a, b uint32) int {
		x, y := r.history.at(a), r.history.at(b)
		return cmp.Or(cmp.Compare(x.index, y.index), cmp.Compare(x.offset, y.offset))
	})
	return nil
}

// Len returns how many records there are.
func (r *Records) Len() int { return len(r.ids) }

// Damaged returns how many lines of the manifest are damaged.
func (r *Records) Damaged() int { return r.history.damage }

// All yields the records in the order of the list. An error is the last.
func (r *Records) All(yield func(downloader.Result, error) bool) {
	for _, id := range r.ids {
		result, err := r.result(id)
		if err != nil {
			yield(result, fmt.Errorf("read %s: %w", r.file.Name(), err))
			return
		}
		if !yield(result, nil) {
			return
		}
	}
}

// Claim returns what [Journal.Claim] would.
func (r *Records) Claim(item downloader.Item) (downloader.Earlier, bool) {
	id, ok := r.history.claim(item)
	if !ok {
		return downloader.Earlier{}, false
	}
	return r.history.earlier(id), true
}

// result returns a record as its line has it, except what the history says otherwise of
// its status and its file. Its texts are safe to show: anybody may have written them.
func (r *Records) result(id uint32) (result downloader.Result, err error) {
	line, err := lineAt(r.file, r.history.at(id).offset)
	if err == nil {
		err = json.Unmarshal(line, &result)
	}
	if result.Status = downloader.StatusFailed; r.history.at(id).status == saysOK {
		result.Status = downloader.StatusOK
	}
	result.File = r.history.file(id)
	result.Class = downloader.Class(sanitize.Text(string(result.Class), sanitize.MaxError))
	for _, text := range []*string{&result.URL, &result.FinalURL, &result.Error, &result.SHA256, &result.SameAs} {
		*text = sanitize.Text(*text, downloader.MaxURL)
	}
	return result, err
}

// Close closes the manifest.
func (r *Records) Close() error { return r.file.Close() }
