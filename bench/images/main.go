// Command images writes the JPEGs that bench/peers.sh serves: N of them, each
// with bytes of its own, the very ones that "grab serve" sends for
// /image/I.jpg?bytes=SIZE.
package main

import (
	"flag"
	"fmt"
	"log"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"sync"
	"sync/atomic"

	"grab/testserver"
)

const seed = 1 // the default of "grab serve"

func main() {
	log.SetFlags(0)
	log.SetPrefix("images: ")
	n := flag.Int("n", 10000, "write `N` images")
	size := flag.Int("bytes", 36000, "`SIZE` of each image in bytes")
	out := flag.String("out", "", "`DIRECTORY` to write 0.jpg, 1.jpg, … to, made if missing")
	flag.Parse()
	if *out == "" || flag.NArg() > 0 {
		flag.Usage()
		os.Exit(2)
	}
	if err := os.MkdirAll(*out, 0o755); err != nil {
		log.Fatal(err)
	}
	var (
		next atomic.Int64
		work sync.WaitGroup
	)
	for range runtime.GOMAXPROCS(0) {
		work.Go(func() {
			for i := int(next.Add(1)) - 1; i < *n; i = int(next.Add(1)) - 1 {
				if err := write(*out, i, *size); err != nil {
					log.Fatal(err)
				}
			}
		})
	}
	work.Wait()
}

// write makes image i of the given size.
func write(dir string, i, size int) error {
	name := strconv.Itoa(i) + ".jpg"
	data, err := testserver.Image(fmt.Sprintf("/image/%s?bytes=%d", name, size), seed)
	if err != nil {
		return err
	}
	if len(data) != size {
		return fmt.Errorf("%s has %d bytes instead of %d: too few for the picture", name, len(data), size)
	}
	return os.WriteFile(filepath.Join(dir, name), data, 0o644)
}
