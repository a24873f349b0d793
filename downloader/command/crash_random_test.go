//go:build failpoint && linux

package command

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// fromEnv returns a number from the environment: the length of a run, or the seed of one
// to repeat.
func fromEnv(t *testing.T, name string, otherwise int) int {
	t.Helper()
	text, set := os.LookupEnv(name)
	if !set {
		return otherwise
	}
	n, err := strconv.Atoi(text)
	if err != nil {
		t.Fatal(name, err)
	}
	return n
}

// chance returns a random source, and logs the seed that repeats the test.
func chance(t *testing.T) *rand.Rand {
	t.Helper()
	seed := fromEnv(t, "CRASH_SEED", int(time.Now().UnixNano()))
	t.Logf("CRASH_SEED=%d", seed)
	return rand.New(rand.NewPCG(uint64(seed), 0))
}

// TestCrashRandom kills grab at random moments until its list is complete, and repeats
// that until there were CRASH_KILLS kills in each mode. A finished image stays finished.
func TestCrashRandom(t *testing.T) {
	kills := fromEnv(t, "CRASH_KILLS", 40)
	random := chance(t)
	for _, mode := range []string{"sequential", "pool", "process"} {
		moments := rand.New(rand.NewPCG(random.Uint64(), 0))
		t.Run(mode, func(t *testing.T) {
			t.Parallel()
			s := victimSite(t, mode, 60, time.Millisecond)
			var length time.Duration
			for range 2 { // the first run is slower: the server makes its images then
				dir := filepath.Join(t.TempDir(), "undisturbed")
				began := time.Now()
				a := s.start(t, dir)
				s.complete(t, "undisturbed", dir, a, a.wait(t, "undisturbed"))
				length = time.Since(began)
			}
			killed, lists := 0, 0
			for ; killed < kills && !t.Failed(); lists++ {
				killed += s.crashLoop(t, fmt.Sprintf("%s, list %d", mode, lists), moments, length)
			}
			t.Logf("%d kills, %d lists of %d images completed", killed, lists, len(s.uris))
		})
	}
}

// crashLoop runs and kills grab until one list is complete, and returns the number of
// kills.
func (s *site) crashLoop(t *testing.T, about string, random *rand.Rand, length time.Duration) (killed int) {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "out")
	defer os.RemoveAll(dir)
	done := map[int]bool{}
	for {
		if len(done) == len(s.uris) || killed == 200 {
			s.resume(t, about, dir, done)
			return killed
		}
		a := s.start(t, dir)
		axe := time.AfterFunc(time.Duration(random.Int64N(int64(length))), func() { _ = a.cmd.Process.Kill() })
		status := a.wait(t, about)
		axe.Stop()
		if !status.Signaled() {
			s.complete(t, about, dir, a, status)
			return killed
		}
		killed++
		now := s.afterKill(t, fmt.Sprintf("%s, kill %d", about, killed), dir)
		for i := range done {
			if !now[i] {
				t.Errorf("%s, kill %d: the line of index %d is lost", about, killed, i)
			}
		}
		done = now
	}
}

// childrenOfProcess returns the children of a process, none if it has ended.
func childrenOfProcess(pid int) (children []int) {
	tasks, _ := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/children", pid))
	for _, name := range tasks {
		data, _ := os.ReadFile(name)
		for field := range strings.FieldsSeq(string(data)) {
			if child, err := strconv.Atoi(field); err == nil {
				children = append(children, child)
			}
		}
	}
	return children
}

// torment calls act for a random child of a, at random intervals, until stop.
func torment(a *attempt, random *rand.Rand, pause time.Duration, act func(pid int)) (stop func() int) {
	ending, ended := make(chan struct{}), make(chan int)
	go func() {
		n := 0
		defer func() { ended <- n }()
		for {
			select {
			case <-ending:
				return
			case <-time.After(time.Duration(random.Int64N(int64(pause)))):
			}
			if children := childrenOfProcess(a.cmd.Process.Pid); len(children) > 0 {
				act(children[random.IntN(len(children))])
				n++
			}
		}
	}()
	return func() int { close(ending); return <-ended }
}

// TestCrashChildren kills children at random moments and stops others for a while. A run
// always ends by itself, and loses only images that cost two children. The next run
// downloads those.
func TestCrashChildren(t *testing.T) {
	kills := fromEnv(t, "CRASH_KILLS", 40)
	random := chance(t)
	s := victimSite(t, "process", 60, time.Millisecond)
	killed, held, lost, lists := 0, 0, 0, 0
	for ; killed < kills && !t.Failed(); lists++ {
		about := fmt.Sprintf("list %d", lists)
		dir := filepath.Join(t.TempDir(), "out")
		for status := syscall.WaitStatus(1 << 8); status.ExitStatus() != 0 && !t.Failed(); {
			a := s.start(t, dir)
			stop := torment(a, random, 40*time.Millisecond, func(pid int) {
				if random.IntN(3) > 0 {
					killed++
					_ = syscall.Kill(pid, syscall.SIGKILL)
					return
				}
				held++
				_ = syscall.Kill(pid, syscall.SIGSTOP)
				time.AfterFunc(time.Millisecond, func() { _ = syscall.Kill(pid, syscall.SIGCONT) })
			})
			status = a.wait(t, about)
			stop()
			switch {
			case status.ExitStatus() == 0:
				s.complete(t, about, dir, a, status)
			case status.ExitStatus() == 1:
				s.conserves(t, about, a)
				lost++
			case status.ExitStatus() != 5 || !strings.Contains(a.stderr.String(), "start the workers"):
				t.Errorf("%s: ends with %v: %s", about, a.cmd.ProcessState, &a.stderr)
			}
		}
		os.RemoveAll(dir)
	}
	t.Logf("%d children killed, %d held up, in %d lists of %d images; %d runs had lost an image to two deaths", killed, held, lists, len(s.uris), lost)
}

// lookout creates the output directory of the next run and watches the files that are
// renamed into it. The run itself reports them later.
func lookout(t *testing.T, dir string) *os.File {
	t.Helper()
	if err := os.Mkdir(dir, 0o777); err != nil {
		t.Fatal(err)
	}
	fd, err := syscall.InotifyInit1(syscall.IN_CLOEXEC | syscall.IN_NONBLOCK)
	if err != nil {
		t.Fatal(err)
	}
	events := os.NewFile(uintptr(fd), "inotify")
	_, err = syscall.InotifyAddWatch(fd, dir, syscall.IN_MOVED_TO)
	if err := errors.Join(err, events.SetReadDeadline(time.Now().Add(hang))); err != nil {
		t.Fatal(err)
	}
	return events
}

// untilImages returns when n images are in place.
func untilImages(t *testing.T, events *os.File, n int) {
	t.Helper()
	defer events.Close()
	buf := make([]byte, 64*(syscall.SizeofInotifyEvent+syscall.NAME_MAX+1))
	for n > 0 {
		size, err := events.Read(buf)
		if err != nil {
			t.Fatalf("%d images more are awaited: %v", n, err)
		}
		for event := buf[:size]; len(event) > 0; {
			length := binary.NativeEndian.Uint32(event[12:]) // of the name, which follows the fixed part of the event
			name := event[syscall.SizeofInotifyEvent:][:length]
			if bytes.HasPrefix(name, []byte("image_")) {
				n--
			}
			event = event[syscall.SizeofInotifyEvent+length:]
		}
	}
}

// TestCrashStoppedForGood stops two of three children and never continues them. grab
// notices their silence and replaces them.
func TestCrashStoppedForGood(t *testing.T) {
	if testing.Short() {
		t.Skip("takes as long as a child may be silent")
	}
	t.Parallel()
	s := victimSite(t, "process", 60, time.Millisecond)
	dir := filepath.Join(t.TempDir(), "out")
	images := lookout(t, dir)
	a := s.start(t, dir)
	// Not earlier: a child that is stopped between fork and exec blocks a thread of its
	// parent, which the parent cannot prevent.
	untilImages(t, images, 1)
	stopped := map[int]bool{}
	stop := torment(a, chance(t), 20*time.Millisecond, func(pid int) {
		if len(stopped) < 2 {
			stopped[pid] = true
			_ = syscall.Kill(pid, syscall.SIGSTOP)
		}
	})
	status := a.wait(t, "stopped")
	stop()
	s.complete(t, fmt.Sprintf("%d children stopped", len(stopped)), dir, a, status)
	t.Logf("%d children stopped", len(stopped))
}

// TestCrashStoppedChildren kills grab while all of its children are stopped and so cannot
// notice that their input has ended.
func TestCrashStoppedChildren(t *testing.T) {
	s := victimSite(t, "process", 60, time.Millisecond)
	kills := max(1, fromEnv(t, "CRASH_KILLS", 40)/4)
	for i := range kills {
		about := fmt.Sprintf("kill %d", i)
		dir := filepath.Join(t.TempDir(), "out")
		images := lookout(t, dir)
		a := s.start(t, dir)
		untilImages(t, images, 1+i%len(s.uris)/2)
		for _, pid := range childrenOfProcess(a.cmd.Process.Pid) {
			_ = syscall.Kill(pid, syscall.SIGSTOP)
		}
		_ = a.cmd.Process.Kill()
		a.wait(t, about)
		s.resume(t, about, dir, s.afterKill(t, about, dir))
		os.RemoveAll(dir)
	}
	t.Logf("%d kills", kills)
}
