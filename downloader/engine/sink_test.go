package engine_test

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	. "grab/downloader"
	. "grab/downloader/engine"
	"grab/downloader/sink"
	"grab/testserver"
)

// brokenSink refuses every image.
type brokenSink struct{ err error }

func (s brokenSink) Put(context.Context, Staged) (Placed, error) { return Placed{}, s.err }

func (s brokenSink) Holds(context.Context, Earlier, bool) bool { return false }

func (s brokenSink) Remove(string) error { return nil }

// flusher is an observer whose Flush fails.
type flusher struct{ err error }

func (flusher) Observe(Result) {}

func (f flusher) Flush() error { return f.err }

// endless is a list that goes on long after a broken run should have ended.
func endless(yield func(Item, error) bool) {
	for i := 0; i < 10_000 && yield(Item{Index: i, Line: i + 1, URL: testserver.ImageURL(i % 3)}, nil); i++ {
	}
}

// TestSinkFails checks that the run ends at the first image that the disk does not
// take.
func TestSinkFails(t *testing.T) {
	for _, tt := range []struct {
		cause error
		class Class
	}{
		{&os.LinkError{Op: "rename", Old: "a", New: "b", Err: syscall.ENOSPC}, ClassDiskFull},
		{&fs.PathError{Op: "write", Path: "a", Err: syscall.EDQUOT}, ClassDiskFull},
		{&fs.PathError{Op: "write", Path: "a", Err: syscall.EIO}, ClassIO},
		{fmt.Errorf("sink: %w", &os.LinkError{Op: "rename", Old: "a", New: "b", Err: syscall.EROFS}), ClassIO},
	} {
		t.Run(tt.cause.Error(), func(t *testing.T) {
			eachMode(t, func(t *testing.T, opts Options) {
				server, opts := startServer(t, opts, testserver.Options{})
				o := runIn(t.Context(), t, opts, Deps{Output: brokenSink{tt.cause}}, endless)
				if !errors.Is(o.err, tt.class) || !strings.Contains(o.err.Error(), tt.cause.(interface{ Unwrap() error }).Unwrap().Error()) {
					t.Errorf("the error is %v", o.err)
				}
				s := o.summary
				if s.OK != 0 || s.Failed == 0 || s.Classes[tt.class] != s.Failed || server.Ledger().Total > 4*opts.Workers+4 {
					t.Errorf("%+v, %d requests", s, server.Ledger().Total)
				}
			})
		})
	}
}

// TestStagingFails removes the folder for staging files during a run.
func TestStagingFails(t *testing.T) {
	eachMode(t, func(t *testing.T, opts Options) {
		_, opts = startServer(t, opts, testserver.Options{})
		o := runIn(t.Context(), t, opts, Deps{}, func(yield func(Item, error) bool) {
			if err := os.RemoveAll(filepath.Join(opts.Dir, StateDir)); err != nil {
				t.Error(err)
			}
			endless(yield)
		})
		if !errors.Is(o.err, ClassIO) || o.summary.Classes[ClassIO] == 0 || o.summary.OK > 0 {
			t.Errorf("%+v, %v", o.summary, o.err)
		}
	})
}

// TestStateFolderCannotBeMade checks that the run ends before any request.
func TestStateFolderCannotBeMade(t *testing.T) {
	eachMode(t, func(t *testing.T, opts Options) {
		write(t, filepath.Join(opts.Dir, StateDir), "a file")
		files, err := sink.NewFiles(opts.Dir, false)
		if err != nil {
			t.Fatal(err)
		}
		defer files.Close()
		d, err := New(opts, Deps{Output: files, WorkerCommand: childCommand("worker")})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := d.Run(t.Context(), func(func(Item, error) bool) { t.Error("the list was read") }); !errors.Is(err, ClassIO) {
			t.Errorf("the error is %v", err)
		}
	})
}

// TestObserverFails checks that the run ends, since its results would be lost.
func TestObserverFails(t *testing.T) {
	eachMode(t, func(t *testing.T, opts Options) {
		_, opts = startServer(t, opts, testserver.Options{})
		for cause, class := range map[error]Class{
			&fs.PathError{Op: "write", Path: "manifest.jsonl", Err: syscall.ENOSPC}: ClassDiskFull,
			&fs.PathError{Op: "write", Path: "/dev/stdout", Err: syscall.EPIPE}:     ClassIO,
			errors.New("the observer's own"):                                        ClassIO,
		} {
			opts.Dir = t.TempDir()
			o := runIn(t.Context(), t, opts, Deps{Observers: []Observer{flusher{cause}}}, endless)
			if !errors.Is(o.err, cause) || !errors.Is(o.err, class) {
				t.Errorf("the error is %#v, want class %s", o.err, class)
			}
		}
	})
}

// TestJournalFails checks that no image is ok whose line could not be written, even if
// its file is there.
func TestJournalFails(t *testing.T) {
	eachMode(t, func(t *testing.T, opts Options) {
		_, opts = startServer(t, opts, testserver.Options{})
		files, err := sink.NewFiles(opts.Dir, false)
		if err != nil {
			t.Fatal(err)
		}
		defer files.Close()
		full := &fs.PathError{Op: "write", Path: "manifest.jsonl", Err: syscall.ENOSPC}
		d, err := New(opts, Deps{
			Output: struct {
				Sink
				Journal
			}{files, flusher{full}}, WorkerCommand: childCommand("worker"),
			Observers: []Observer{ObserverFunc(func(r Result) {
				if r.Status == StatusOK || r.Status == StatusFailed && r.Class != ClassDiskFull {
					t.Errorf("%+v", r)
				}
			})},
		})
		if err != nil {
			t.Fatal(err)
		}
		summary, err := d.Run(t.Context(), endless)
		if !errors.Is(err, full) || !errors.Is(err, ClassDiskFull) || summary.OK != 0 || summary.Failed == 0 {
			t.Errorf("%+v, %v", summary, err)
		}
	})
}

// TestOccupiedName puts a folder where an image belongs. That image fails. The folder
// and its content stay.
func TestOccupiedName(t *testing.T) {
	_, opts := startServer(t, options(t, modeCase{Sequential, 1}), testserver.Options{})
	write(t, filepath.Join(opts.Dir, "image_0.jpg", "mine"), "precious")
	files, err := sink.NewFiles(opts.Dir, false)
	if err != nil {
		t.Fatal(err)
	}
	defer files.Close()
	d, err := New(opts, Deps{Output: files})
	if err != nil {
		t.Fatal(err)
	}
	summary, err := d.Run(t.Context(), lines(testserver.ImageURL(0)))
	if err == nil && summary.Failed != 1 || summary.OK != 0 {
		t.Errorf("%+v, %v", summary, err)
	}
	if data, err := os.ReadFile(filepath.Join(opts.Dir, "image_0.jpg", "mine")); string(data) != "precious" {
		t.Errorf("%q, %v", data, err)
	}
	if _, err := os.Stat(filepath.Join(opts.Dir, StateDir)); err == nil {
		t.Error("the state folder stayed")
	}
}
