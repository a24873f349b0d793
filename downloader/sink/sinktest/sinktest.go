// Package sinktest has the contract that every [downloader.Sink] keeps, as a test.
package sinktest

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"grab/downloader"
)

// Opened is a sink over an output directory, and how to read back what it has taken.
type Opened struct {
	Sink downloader.Sink
	Read func(name string) ([]byte, error)
}

// Run holds sinks to the contract. open opens one over an empty directory, and closes it
// with the test.
func Run(t *testing.T, open func(t *testing.T, dir string) Opened) {
	t.Run("each image has a name of its own", func(t *testing.T) {
		dir := t.TempDir()
		o := open(t, dir)
		names := map[string]bool{}
		for i, ext := range []string{".jpg", ".png", ".jpg"} {
			name := put(t, o, dir, i, ext, fmt.Sprint("image ", i))
			if names[name] {
				t.Errorf("%s is given twice", name)
			}
			names[name] = true
			wantContent(t, o, name, fmt.Sprint("image ", i))
		}
	})
	t.Run("the same index again replaces the image", func(t *testing.T) {
		dir := t.TempDir()
		o := open(t, dir)
		put(t, o, dir, 3, ".jpg", "old")
		wantContent(t, o, put(t, o, dir, 3, ".jpg", "new"), "new")
	})
	t.Run("many goroutines", func(t *testing.T) {
		dir := t.TempDir()
		o := open(t, dir)
		var putting sync.WaitGroup
		names := make([]string, 64)
		for i := range names {
			putting.Go(func() { names[i] = put(t, o, dir, i, ".gif", fmt.Sprint("image ", i)) })
		}
		putting.Wait()
		for i, name := range names {
			wantContent(t, o, name, fmt.Sprint("image ", i))
		}
	})
	t.Run("a staged file that is not there", func(t *testing.T) {
		dir := t.TempDir()
		o := open(t, dir)
		if placed, err := o.Sink.Put(t.Context(), downloader.Staged{Path: downloader.StateDir + "/9.part", Ext: ".jpg"}); err == nil {
			t.Errorf("it was put at %s", placed.File)
		}
	})
}

// put stages an image as a run does, and puts it. The sink owns the staged file then.
func put(t *testing.T, o Opened, dir string, index int, ext, content string) string {
	t.Helper()
	path := filepath.Join(downloader.StateDir, fmt.Sprintf("%d.part", index))
	if err := os.MkdirAll(filepath.Join(dir, downloader.StateDir), 0o777); err != nil {
		t.Error(err)
	}
	if err := os.WriteFile(filepath.Join(dir, path), []byte(content), 0o666); err != nil {
		t.Error(err)
	}
	sum := sha256.Sum256([]byte(content))
	placed, err := o.Sink.Put(t.Context(), downloader.Staged{
		Item: downloader.Item{Index: index, URL: fmt.Sprintf("http://a.test/%d", index)}, Path: filepath.ToSlash(path), Ext: ext,
		Bytes: int64(len(content)), SHA256: hex.EncodeToString(sum[:]),
	})
	if err != nil || placed.File == "" {
		t.Errorf("image %d: %q, %v", index, placed.File, err)
	}
	if _, err := os.Stat(filepath.Join(dir, path)); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("image %d: its staged file is left: %v", index, err)
	}
	return placed.File
}

func wantContent(t *testing.T, o Opened, name, want string) {
	t.Helper()
	if got, err := o.Read(name); err != nil || string(got) != want {
		t.Errorf("%s holds %q, %v; want %q", name, got, err, want)
	}
}
