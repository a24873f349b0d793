package list_test

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/parquet-go/parquet-go"

	. "grab/downloader/list"
)

// BenchmarkFormats reads a list of a million entries with an id in each format, as an op.
func BenchmarkFormats(b *testing.B) {
	const n = 1_000_000
	dir := b.TempDir()
	for _, f := range []struct{ name, header, row string }{
		{"text", "", "https://images.example.test/photos/2026/%d/large.jpg\n"},
		{"csv", "id,url\n", "%[1]d,https://images.example.test/photos/2026/%[1]d/large.jpg\n"},
		{"csv.gz", "id,url\n", "%[1]d,https://images.example.test/photos/2026/%[1]d/large.jpg\n"},
		{"jsonl", "", "{\"id\":%[1]d,\"url\":\"https://images.example.test/photos/2026/%[1]d/large.jpg\"}\n"},
		{"aria2", "", "https://images.example.test/photos/2026/%d/large.jpg\n  out=x.jpg\n"},
		{"parquet", "", ""},
	} {
		var data bytes.Buffer
		data.WriteString(f.header)
		type pair struct {
			ID  int64  `parquet:"id,snappy"`
			URL string `parquet:"url,snappy"`
		}
		w := parquet.NewGenericWriter[pair](&data, parquet.MaxRowsPerRowGroup(n/10))
		for i := range n {
			if f.name != "parquet" {
				fmt.Fprintf(&data, f.row, i)
			} else if _, err := w.Write([]pair{{int64(i), fmt.Sprintf("https://images.example.test/photos/2026/%d/large.jpg", i)}}); err != nil {
				b.Fatal(err)
			}
		}
		if f.name == "parquet" {
			if err := w.Close(); err != nil {
				b.Fatal(err)
			}
		}
		body := data.Bytes()
		if f.name == "csv.gz" {
			var packed bytes.Buffer
			z := gzip.NewWriter(&packed)
			_, _ = z.Write(body)
			_ = z.Close()
			body = packed.Bytes()
		}
		name := filepath.Join(dir, "list."+f.name)
		if err := os.WriteFile(name, body, 0o666); err != nil {
			b.Fatal(err)
		}
		b.Run(f.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				src, done, err := Open(b.Context(), []string{name}, nil, List{})
				if err != nil {
					b.Fatal(err)
				}
				rows := 0
				for _, err := range src {
					if err != nil {
						b.Fatal(err)
					}
					rows++
				}
				done()
				if rows != n {
					b.Fatal(rows)
				}
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/n, "ns/row")
		})
	}
}
