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

// Windows does not move or rename what is open: these tests need another system.

// The lock is the system's: another program that locks the file with flock keeps grab out.
func TestFlockKeepsOut(t *testing.T) {
	dir := t.TempDir()
	if err := os.Mkdir(filepath.Join(dir, "state"), 0o777); err != nil {
		t.Fatal(err)
	}
	other, err := os.Create(filepath.Join(dir, "state", Name))
	if err != nil {
		t.Fatal(err)
	}
	if err := syscall.Flock(int(other.Fd()), syscall.LOCK_EX); err != nil {
		t.Fatal(err)
	}
	_, err = Acquire(root(t, dir), "state")
	if _, held := errors.AsType[*HeldError](err); !held {
		t.Errorf("%v, want the lock to be held", err)
	}
	_ = other.Close()
	if err := acquire(t, root(t, dir)).Release(); err != nil {
		t.Error(err)
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
