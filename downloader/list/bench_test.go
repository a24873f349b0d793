package list_test

import (
	"bytes"
	"fmt"
	"testing"

	. "grab/downloader/list"
)

// BenchmarkRead reads a list of a million lines, as an op. Nearly all lists consist of
// plain URLs; the others must not cost much more.
func BenchmarkRead(b *testing.B) {
	for name, line := range map[string]string{
		"plain":   "https://images.example.test/photos/2026/%d/large.jpg?w=1200&h=800\n",
		"address": "http://192.0.2.17:8080/photos/2026/%d.jpg\n",
		"escapes": "https://images.example.test/photos/b%%C3%%A4r/%d.jpg\n",
		"IDN":     "https://bücher.example.test/photos/bär/%d.jpg\n",
	} {
		b.Run(name, func(b *testing.B) {
			var text bytes.Buffer
			for i := range 1_000_000 {
				fmt.Fprintf(&text, line, i)
			}
			b.ReportAllocs()
			for b.Loop() {
				n := 0
				for _, err := range Read(List{Name: name, Body: bytes.NewReader(text.Bytes())}) {
					if err != nil {
						b.Fatal(err)
					}
					n++
				}
				if n != 1_000_000 {
					b.Fatal(n)
				}
			}
		})
	}
}
