package compare

import (
	"math"
	"os"
	"runtime"
	"testing"

	"grab/downloader/report"
)

// A store leaves no file behind when it is closed and, where the system allows it, none if grab is
// killed.
func TestStoreLeavesNothing(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	t.Setenv("TMP", os.Getenv("TMPDIR"))
	left := func() int {
		entries, err := os.ReadDir(os.Getenv("TMPDIR"))
		if err != nil {
			t.Fatal(err)
		}
		return len(entries)
	}
	s, err := newStore()
	if err != nil {
		t.Fatal(err)
	}
	if runtime.GOOS != "windows" && left() != 0 {
		t.Error("a kill would leave a file")
	}
	for round := range 2 {
		if err := s.add(&report.Run{Round: round}); err != nil {
			t.Fatal(err)
		}
	}
	if runs, err := s.runs(); err != nil || len(runs) != 2 || runs[1].Round != 1 {
		t.Errorf("%v, %v", runs, err)
	}
	if err := s.add(&report.Run{Seconds: math.NaN()}); err == nil { // stands for a full disk
		t.Error("a run that cannot be stored was stored")
	}
	if runs, err := s.runs(); err != nil || len(runs) != 2 {
		t.Errorf("after a run that cannot be stored: %v, %v", runs, err)
	}
	if err := s.close(); err != nil || left() != 0 {
		t.Errorf("%v, %d files left", err, left())
	}
}
