package outdir_test

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"go.uber.org/goleak"

	"grab/downloader"
	"grab/downloader/outdir"
	"grab/downloader/sink/sinktest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// TestLock lets one grab at a time into a directory, and the next one when
// that is closed.
func TestLock(t *testing.T) {
	dir := t.TempDir()
	for range 3 {
		d, err := outdir.Open(dir, outdir.Options{})
		if err != nil {
			t.Fatal(err)
		}
		_, err = outdir.Open(dir, outdir.Options{})
		if locked, ok := errors.AsType[*outdir.LockedError](err); !ok || locked.PID == "" {
			t.Errorf("%v", err)
		}
		if err := d.Close(); err != nil {
			t.Fatal(err)
		}
		if _, err := os.Stat(filepath.Join(dir, downloader.StateDir)); !os.IsNotExist(err) {
			t.Errorf("the state folder is left: %v", err)
		}
	}
}

// TestSink holds a directory to the contract of all sinks.
func TestSink(t *testing.T) {
	sinktest.Run(t, func(t *testing.T, dir string) sinktest.Opened {
		d, err := outdir.Open(dir, outdir.Options{})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() {
			if err := d.Close(); err != nil {
				t.Error(err)
			}
		})
		return sinktest.Opened{Sink: d, Read: func(name string) ([]byte, error) { return os.ReadFile(filepath.Join(dir, name)) }}
	})
}
