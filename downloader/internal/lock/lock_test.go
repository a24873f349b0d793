package lock

import (
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
)

func root(t *testing.T, path string) *os.Root {
	t.Helper()
	if err := os.MkdirAll(path, 0o777); err != nil {
		t.Fatal(err)
	}
	r, err := os.OpenRoot(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = r.Close() })
	return r
}

func acquire(t *testing.T, dir *os.Root) *Lock {
	t.Helper()
	l, err := Acquire(dir, "state")
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// A process ID is digits. Whatever else a lock file holds, whoever made it chose it.
func TestHolder(t *testing.T) {
	for text, want := range map[string]string{
		"123\n": "123", " 7 ": "7", "": "", "12\x1b]0;title\a\n": "", "1\n2": "", "-1": "", "99999999999": "",
		"1                                   ": "", "００１": "",
	} {
		dir := t.TempDir()
		state := filepath.Join(dir, "state")
		if err := os.Mkdir(state, 0o777); err != nil {
			t.Fatal(err)
		}
		name := filepath.Join(state, Name)
		if err := os.WriteFile(name, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
		other, err := os.Open(name)
		if err != nil {
			t.Fatal(err)
		}
		if locked, err := tryLock(other); !locked || err != nil {
			t.Fatal(locked, err)
		}
		_, err = Acquire(root(t, dir), "state")
		if held, ok := errors.AsType[*HeldError](err); !ok || held.PID != want {
			t.Errorf("%q: %v, want process %q", text, err, want)
		}
		_ = other.Close()
	}
}

func TestHeldErrorNamesTheProcess(t *testing.T) {
	for pid, want := range map[string]string{"": "held by another process", "12": "held by process 12"} {
		if got := (&HeldError{pid}).Error(); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

// One process after the other has the directory, and nothing stays of them. What a longer
// process ID has left is gone.
func TestOneAfterTheOther(t *testing.T) {
	dir := t.TempDir()
	name := filepath.Join(dir, "state", Name)
	for range 3 {
		l := acquire(t, root(t, dir))
		if data, err := os.ReadFile(name); string(data) != strconv.Itoa(os.Getpid())+"\n" {
			t.Errorf("the lock holds %q, %v", data, err)
		}
		_, err := Acquire(root(t, dir), "state")
		if held, ok := errors.AsType[*HeldError](err); !ok || held.PID != strconv.Itoa(os.Getpid()) {
			t.Errorf("locked twice: %v", err)
		}
		if err := l.Release(); err != nil {
			t.Error(err)
		}
		if _, err := os.Stat(filepath.Dir(name)); err == nil {
			t.Error("the folder of the lock is left")
		}
		if err := l.Release(); err == nil {
			t.Error("released twice without an error")
		}
		if err := errors.Join(os.MkdirAll(filepath.Dir(name), 0o777), os.WriteFile(name, []byte("1234567890\n"), 0o666)); err != nil {
			t.Fatal(err)
		}
	}
}

// Many processes want the lock at once, as the last holder removes the file. Each has it
// alone; those that find the file removed try again.
func TestRetries(t *testing.T) {
	dir := root(t, t.TempDir())
	var holders, times atomic.Int32
	var group sync.WaitGroup
	for range 8 {
		group.Go(func() {
			for range 50 {
				l, err := Acquire(dir, "state")
				if err != nil {
					if _, held := errors.AsType[*HeldError](err); !held {
						t.Errorf("the lock cannot be taken: %v", err)
					}
					continue
				}
				if holders.Add(1) > 1 {
					t.Error("two have the lock")
				}
				times.Add(1)
				holders.Add(-1)
				if err := l.Release(); err != nil {
					t.Error(err)
				}
			}
		})
	}
	group.Wait()
	if times.Load() == 0 {
		t.Error("nobody had the lock")
	}
}

// The lock's folder is a file, or its file is a folder: no process can have the lock.
func TestLockInTheWay(t *testing.T) {
	for _, blocked := range []string{"state", "state/lock/"} {
		dir := t.TempDir()
		if blocked == "state" {
			if err := os.WriteFile(filepath.Join(dir, "state"), nil, 0o666); err != nil {
				t.Fatal(err)
			}
		} else if err := os.MkdirAll(filepath.Join(dir, blocked), 0o777); err != nil {
			t.Fatal(err)
		}
		if l, err := Acquire(root(t, dir), "state"); err == nil {
			_ = l.Release()
			t.Errorf("%s: locked", blocked)
		}
	}
}
