package survey

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"grab/downloader"
)

var errFound = errors.New("found")

// FailedTable reports whether a list of what failed in the directory dir is a table: an image
// that failed has columns beside its URL.
func FailedTable(ctx context.Context, dir string) (bool, error) {
	_, err := Of(ctx, dir, false, func(image Image) error {
		if image.Status == downloader.StatusFailed && image.Fields != "" {
			return errFound
		}
		return nil
	})
	if errors.Is(err, errFound) {
		return true, nil
	}
	return false, err
}

// WriteFailed writes an image that failed as an entry of a list: its URL on a line, or in a
// table its URL and the other columns as an object of JSON. Others it leaves out.
func WriteFailed(w io.Writer, image Image, table bool) error {
	if image.Status != downloader.StatusFailed {
		return nil
	}
	if !table {
		_, err := fmt.Fprintln(w, image.URL)
		return err
	}
	name := "url"
	if members := map[string]json.RawMessage{}; json.Unmarshal([]byte(image.Fields), &members) == nil && members[name] != nil {
		name = "URL" // the list has the URLs in another column, and this is read first
	}
	object := downloader.AppendField(nil, name, image.URL)
	if rest, ok := bytes.CutPrefix([]byte(image.Fields), []byte("{")); ok && len(rest) > 1 {
		object = append(append(object, ','), bytes.TrimSuffix(rest, []byte("}"))...)
	}
	_, err := w.Write(append(object, "}\n"...))
	return err
}
