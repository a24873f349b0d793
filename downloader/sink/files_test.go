package sink_test

import (
	"os"
	"path/filepath"
	"testing"

	"grab/downloader/sink"
	"grab/downloader/sink/sinktest"
)

func TestFiles(t *testing.T) {
	for name, durable := range map[string]bool{"fast": false, "durable": true} {
		t.Run(name, func(t *testing.T) {
			sinktest.Run(t, func(t *testing.T, dir string) sinktest.Opened {
				files, err := sink.NewFiles(dir, durable)
				if err != nil {
					t.Fatal(err)
				}
				t.Cleanup(func() { files.Close() })
				return sinktest.Opened{Sink: files, Read: func(name string) ([]byte, error) { return os.ReadFile(filepath.Join(dir, name)) }}
			})
		})
	}
}
