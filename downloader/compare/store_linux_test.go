package compare

import (
	"errors"
	"os"
	"reflect"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"

	"grab/downloader"
	"grab/downloader/report"
)

// TestStoreKeepsOrder reads the runs back as they were added.
func TestStoreKeepsOrder(t *testing.T) {
	s, err := newStore()
	if err != nil {
		t.Fatal(err)
	}
	var want []report.Run
	for round := range 3 {
		run := report.Run{Type: "run", Round: round, Images: []report.Image{{Index: round, SHA256: "00"}}}
		if want = append(want, run); s.add(&run) != nil {
			t.Fatal("not added")
		}
		if got, err := s.runs(); err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%+v, %v", got, err)
		}
		if _, err := s.file.Seek(0, 2); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.close(); err != nil {
		t.Error(err)
	}
	if err := s.add(&report.Run{}); err == nil || s.count != 3 {
		t.Errorf("added to a closed file: %v", err)
	}
	if _, err := s.runs(); err == nil {
		t.Error("read from a closed file")
	}
}

// TestList gives every run the same entries, with their errors.
func TestList(t *testing.T) {
	bad := &downloader.Error{Class: downloader.ClassURL}
	l, err := ReadList(func(yield func(downloader.Item, error) bool) {
		_ = yield(downloader.Item{Index: 0, URL: "a"}, nil) && yield(downloader.Item{Index: 1, URL: "b"}, bad)
	})
	if err != nil || l.Len() != 2 {
		t.Fatal(l, err)
	}
	for range 2 {
		text := ""
		for item, err := range l.source() {
			if text += item.URL; (err == error(bad)) != (item.URL == "b") {
				t.Errorf("%s: %v", item.URL, err)
			}
		}
		if text != "ab" {
			t.Error(text)
		}
	}
	for range l.source() {
		break
	}
	if _, err := ReadList(func(yield func(downloader.Item, error) bool) { yield(downloader.Item{}, os.ErrClosed) }); !errors.Is(err, os.ErrClosed) {
		t.Errorf("%v", err)
	}
}

// TestMachine compares what is said of this machine with what the system says.
func TestMachine(t *testing.T) {
	m := Machine()
	if m.OS != "linux" || m.Arch != runtime.GOARCH || m.CPUs != runtime.NumCPU() || m.Go != runtime.Version() {
		t.Errorf("%+v", m)
	}
	info, err := os.ReadFile("/proc/cpuinfo")
	if err == nil && (m.CPU != "") != strings.Contains(string(info), "\nmodel name") || strings.ContainsAny(m.CPU, "\n:") || strings.TrimSpace(m.CPU) != m.CPU || m.CPU != "" && !strings.Contains(string(info), ": "+m.CPU+"\n") {
		t.Errorf("processor %q, %v", m.CPU, err)
	}
	before := busyTime()
	if before == 0 {
		return // this program may not use all of the processors
	}
	for spin := time.Now(); time.Since(spin) < 50*time.Millisecond; {
	}
	if spent := busyTime() - before; spent < tick || spent > time.Duration(m.CPUs)*time.Minute {
		t.Errorf("%v of CPU time", spent)
	}
	stat, _ := os.ReadFile("/proc/stat")
	first, _, _ := strings.Cut(string(stat), "\n")
	most := time.Duration(0) // user, nice, system, irq, softirq and steal
	for i, field := range strings.Fields(first) {
		if n, _ := strconv.Atoi(field); i != 4 && i != 5 && i < 9 {
			most += time.Duration(n) * tick
		}
	}
	if before > most {
		t.Errorf("%v of CPU time, and without the idle time %v", before, most)
	}
}
