// Finished makes what a run of many images leaves: a directory of files with its
// manifest, and the list. It is for timing what a second run costs.
//
//	go run ./bench/finished DIR N
//
// The list is DIR.txt. Files have a length and no content, so that a million of
// them fit into memory: put DIR on a tmpfs.
package main

import (
	"bufio"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"grab/downloader"
	"grab/downloader/outdir"
	"grab/downloader/sink"
)

// size of each file, in bytes.
const size = 36_000

func main() {
	if len(os.Args) != 3 {
		fmt.Fprintln(os.Stderr, "usage: finished DIR N")
		os.Exit(2)
	}
	n, err := strconv.Atoi(os.Args[2])
	if err == nil {
		err = finish(os.Args[1], n)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "finished:", err)
		os.Exit(1)
	}
}

// finish makes n files in dir, their manifest and their list.
func finish(dir string, n int) error {
	list, err := os.Create(dir + ".txt")
	if err != nil {
		return err
	}
	defer list.Close()
	urls := bufio.NewWriter(list)
	journal, err := outdir.Open(dir, outdir.Options{})
	if err != nil {
		return err
	}
	for i := range n {
		r := downloader.Result{
			Item:   downloader.Item{Index: i, Line: i + 1, URL: fmt.Sprintf("http://127.0.0.1:9/image/%d.jpg", i)},
			Status: downloader.StatusOK, File: sink.Name(i, ".jpg"), Bytes: size, SHA256: strings.Repeat("ab", 32),
			HTTPStatus: 200, Attempts: 1, ContentType: "image/jpeg", ETag: `"an-etag"`, Width: 200, Height: 300,
		}
		r.FinalURL = r.URL
		if err := os.WriteFile(filepath.Join(dir, r.File), nil, 0o666); err != nil {
			return err
		}
		if err := os.Truncate(filepath.Join(dir, r.File), size); err != nil {
			return err
		}
		journal.Observe(r)
		fmt.Fprintln(urls, r.URL)
	}
	return errors.Join(journal.Close(), urls.Flush())
}
