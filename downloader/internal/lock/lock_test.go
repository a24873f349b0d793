//go:build unix

package lock

import (
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"syscall"
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
		if err := syscall.Flock(int(other.Fd()), syscall.LOCK_EX); err != nil {
			t.Fatal(err)
		}
		_, err = Acquire(root(t, dir), "state")
		if held, ok := errors.AsType[*HeldError](err); !ok || held.PID != want {
			t.Errorf("%q: %v, want process %q", text, err, want)
		}
		_ = other.Close()
	}
}

// A directory is moved while it is locked, and another one gets its name. Both stay
// locked until their own lock is released.
func TestMovedDirectory(t *testing.T) {
	above := t.TempDir()
	path, moved := filepath.Join(above, "out"), filepath.Join(above, "moved")
	first := acquire(t, root(t, path))
	if err := os.Rename(path, moved); err != nil {
		t.Fatal(err)
	}
	second := acquire(t, root(t, path))
	if err := first.Release(); err != nil {
		t.Error(err)
	}
	if _, err := os.Stat(filepath.Join(moved, "state")); err == nil {
		t.Error("the lock's folder is left in the directory that was moved")
	}
	pid, err := os.ReadFile(filepath.Join(path, "state", Name))
	if string(pid) != strconv.Itoa(os.Getpid())+"\n" {
		t.Errorf("the other lock holds %q, %v", pid, err)
	}
	if _, err := Acquire(root(t, path), "state"); err == nil {
		t.Error("a second process gets into the new directory")
	}
	if err := second.Release(); err != nil {
		t.Error(err)
	}
}

// The lock's file or folder is replaced while it is held: release removes neither.
func TestReplacedLock(t *testing.T) {
	for _, replaced := range []string{"state", "state/lock"} {
		dir := t.TempDir()
		l := acquire(t, root(t, dir))
		name := filepath.Join(dir, replaced)
		if err := os.Rename(name, filepath.Join(dir, "aside")); err != nil {
			t.Fatal(err)
		}
		if err := os.Mkdir(name, 0o777); err != nil {
			t.Fatal(err)
		}
		if err := l.Release(); err != nil {
			t.Error(err)
		}
		if _, err := os.Stat(name); err != nil {
			t.Errorf("%s of another is gone: %v", replaced, err)
		}
	}
}
