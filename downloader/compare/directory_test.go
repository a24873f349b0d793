package compare

import (
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"grab/downloader"
	"grab/downloader/live"
	"grab/downloader/outdir"
	"grab/downloader/report"
)

// A directory that another grab has locked is left alone, whether it is the output directory or a
// contender's. Nothing is fetched.
func TestDirectoryInUse(t *testing.T) {
	needsLocks(t)
	for _, used := range []string{"", "process"} {
		p, server := plan(t, 2)
		dir := filepath.Join(p.Out, used)
		other, err := outdir.Open(dir, outdir.Options{})
		if err != nil {
			t.Fatal(err)
		}
		partial := filepath.Join(dir, downloader.StateDir, "0.part")
		if err := os.WriteFile(partial, []byte("half"), 0o666); err != nil {
			t.Fatal(err)
		}
		e, err := Run(t.Context(), p)
		if locked, ok := errors.AsType[*outdir.LockedError](err); !ok || locked.Dir != dir || len(e.Runs) > 0 || server.Ledger().Total > 0 {
			t.Errorf("%q is in use: %v, %d runs, %d requests", used, err, len(e.Runs), server.Ledger().Total)
		}
		if _, err := os.Stat(partial); err != nil {
			t.Errorf("what the other grab works on is gone: %v", err)
		}
		if err := other.Close(); err != nil {
			t.Error(err)
		}
	}
}

func needsLocks(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("no locks")
	}
}

// A comparison holds the lock of its directory while it runs. Afterwards the directory has the
// contenders' folders and nothing else.
func TestDirectoryIsHeld(t *testing.T) {
	needsLocks(t)
	p, _ := plan(t, 2)
	tried := 0
	p.Watch = func(string, report.Contender, *live.Counters) ([]downloader.Observer, func(string), func()) {
		tried++
		release, err := outdir.Lock(p.Out)
		if _, locked := errors.AsType[*outdir.LockedError](err); !locked {
			t.Errorf("run %d: another grab gets in: %v", tried, err)
			release()
		}
		return nil, nil, func() {}
	}
	if _, err := Run(t.Context(), p); err != nil || tried == 0 {
		t.Fatal(err, tried)
	}
	entries, err := os.ReadDir(p.Out)
	if err != nil || len(entries) != len(downloader.Modes()) {
		t.Errorf("%v, %v", entries, err)
	}
	for _, e := range entries {
		if _, err := os.Stat(filepath.Join(p.Out, e.Name(), downloader.StateDir)); !errors.Is(err, os.ErrNotExist) {
			t.Errorf("%s has a state folder: %v", e.Name(), err)
		}
	}
}
