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

// TestModeOfTheDirectory checks that the user's mask alone decides who may use the directory
// and its folders.
func TestModeOfTheDirectory(t *testing.T) {
	dir := t.TempDir()
	usual, made := filepath.Join(dir, "usual"), filepath.Join(dir, "deep", "made")
	if err := os.Mkdir(usual, 0o777); err != nil {
		t.Fatal(err)
	}
	files, err := sink.NewFiles(made, false)
	if err != nil {
		t.Fatal(err)
	}
	defer files.Close()
	want, err := os.Stat(usual)
	if err != nil {
		t.Fatal(err)
	}
	if err := files.MakeFolder("folder"); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{made, filepath.Join(made, "folder")} {
		if got, err := os.Stat(name); err != nil || got.Mode() != want.Mode() {
			t.Errorf("%v, %v; want %v", got.Mode(), err, want.Mode())
		}
	}
}
