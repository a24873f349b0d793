// Command images writes the many small JPEGs that bench/peers.sh serves.
package main

import (
	"bytes"
	"flag"
	"fmt"
	"image"
	"image/jpeg"
	"log"
	"math/rand/v2"
	"os"
	"path/filepath"
)

func main() {
	n := flag.Int("n", 10000, "how many images")
	size := flag.Int("bytes", 36000, "size of each image in bytes")
	out := flag.String("out", "", "directory to write to")
	flag.Parse()
	if *out == "" {
		log.Fatal("images: -out is needed")
	}
	var b bytes.Buffer
	jpeg.Encode(&b, image.NewGray(image.Rect(0, 0, 8, 8)), nil)
	base := b.Bytes()
	rng := rand.New(rand.NewPCG(1, 2))
	for i := range *n {
		data := append([]byte{}, base[:2]...)
		pad := *size - len(base) - 4
		data = append(data, 0xff, 0xfe, byte((pad+2)>>8), byte(pad+2))
		for range pad {
			data = append(data, byte(rng.Uint32()))
		}
		data = append(data, base[2:]...)
		if err := os.WriteFile(filepath.Join(*out, fmt.Sprintf("%d.jpg", i)), data, 0o644); err != nil {
			log.Fatal(err)
		}
	}
}
