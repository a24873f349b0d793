package engine_test

import (
	"bytes"
	"context"
	"encoding/gob"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	. "grab/downloader"
	. "grab/downloader/engine"
	"grab/downloader/internal/child"
	"grab/downloader/sink"
)

// actAsParent is a process that runs a list of URLs in process mode. args are the
// output directory, a FIFO for its children, and the URLs.
func actAsParent(args []string) int {
	opts := Options{
		Mode: Process, Workers: len(args) - 2, Dir: args[0], ConnectTimeout: time.Minute, HeaderTimeout: time.Minute,
		StallTimeout: time.Minute, MaxSize: 1 << 20, Verify: VerifyType,
	}
	files, err := sink.NewFiles(opts.Dir, false)
	if err != nil {
		return fail(err)
	}
	d, err := New(opts, Deps{Output: files, WorkerCommand: childCommand("holder", args[1])})
	if err != nil {
		return fail(err)
	}
	if _, err := d.Run(context.Background(), lines(args[2:]...)); err != nil {
		return fail(err)
	}
	return 0
}

// TestParentKilled kills a parent while its children download. They must die too. Each
// holds a FIFO open, which ends when the last of them is gone.
func TestParentKilled(t *testing.T) {
	g := startGate(t)
	fifo := filepath.Join(t.TempDir(), "fifo")
	if err := makeFIFO(fifo); err != nil {
		t.Skip(err)
	}
	held, err := os.OpenFile(fifo, os.O_RDONLY|syscall.O_NONBLOCK, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer held.Close()
	command := childCommand("parent", filepath.Join(t.TempDir(), "images"), fifo, g.URL+"/0", g.URL+"/1", g.URL+"/2")
	parent := exec.Command(command[0], command[1:]...)
	if err := parent.Start(); err != nil {
		t.Fatal(err)
	}
	defer parent.Wait()
	g.wait(3)
	if err := parent.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	if err := held.SetReadDeadline(time.Now().Add(15 * time.Second)); err != nil {
		t.Fatal(err)
	}
	if _, err := io.ReadAll(held); err != nil {
		t.Errorf("the children live on: %v", err)
	}
}

// helloOf returns the first frame of a parent that speaks a version.
func helloOf(version int, opts Options) any {
	return helloFrame{greeting{version, opts}}
}

// startWorker starts a worker in this process. It returns the pipe from its parent,
// which breaks when the worker ends, and how the worker ended.
func startWorker(t *testing.T) (parent *io.PipeWriter, ended <-chan error) {
	in, parent := io.Pipe()
	how := make(chan error, 1)
	go func() {
		err := child.Serve(t.Context(), in, io.Discard)
		in.Close()
		how <- err
	}()
	return parent, how
}

// TestWorkerWithoutParent ends a worker's input in the middle of a download, as the
// death of a parent does where the kernel does not kill its children. The worker drops
// the download.
func TestWorkerWithoutParent(t *testing.T) {
	g := startGate(t)
	opts := options(t, modeCase{Process, 1})
	opts.Dir = t.TempDir()
	parent, ended := startWorker(t)
	writeFrames(t, parent, helloOf(WireVersion, opts), jobFrame{&job{Item{URL: g.URL + "/0"}}})
	select {
	case <-g.half:
	case err := <-ended:
		t.Fatalf("the worker ended before the download began: %v", err)
	}
	parent.Close()
	if err := <-ended; err != nil {
		t.Error(err)
	}
	if got := filesIn(t, opts.Dir); strings.Join(got, " ") != StateDir {
		t.Errorf("after it: %q", got)
	}
}

// TestWorkerRefuses sends frames that no parent of this version sends.
func TestWorkerRefuses(t *testing.T) {
	opts := options(t, modeCase{Process, 1})
	opts.Dir = t.TempDir()
	hello := helloOf(WireVersion, opts)
	for name, frames := range map[string][]any{
		"nothing":        nil,
		"no hello":       {jobFrame{&job{}}},
		"old version":    {helloOf(WireVersion-1, opts)},
		"new version":    {helloOf(WireVersion+1, opts)},
		"two hellos":     {hello, hello},
		"a child's word": {hello, readyFrame{true}},
	} {
		t.Run(name, func(t *testing.T) {
			parent, ended := startWorker(t)
			writeFrames(t, parent, frames...)
			parent.Close()
			if err := <-ended; err == nil {
				t.Error("the worker was content")
			}
		})
	}
	t.Run("torn input", func(t *testing.T) {
		if err := child.Serve(t.Context(), strings.NewReader("\x00\x00"), io.Discard); err == nil {
			t.Error("the worker was content")
		}
	})
	t.Run("no directory", func(t *testing.T) {
		opts.Dir += "/missing"
		parent, ended := startWorker(t)
		writeFrames(t, parent, helloOf(WireVersion, opts))
		if err := <-ended; !errors.Is(err, ClassIO) {
			t.Errorf("%v", err)
		}
	})
}

// TestWorkerSaysBye checks the last frame of an idle worker whose input ends. It tells
// the parent how much memory the worker took.
func TestWorkerSaysBye(t *testing.T) {
	opts := options(t, modeCase{Process, 1})
	opts.Dir = t.TempDir()
	for range 50 {
		var in, out bytes.Buffer
		writeFrames(t, &in, helloOf(WireVersion, opts))
		if err := child.Serve(t.Context(), &in, &out); err != nil {
			t.Fatal(err)
		}
		var last struct{ Bye *Usage }
		for said := gob.NewDecoder(frameReader{&out}); ; {
			if err := said.Decode(&last); err == io.EOF {
				break
			} else if err != nil {
				t.Fatal(err)
			}
		}
		if last.Bye == nil || last.Bye.PeakRSS == 0 {
			t.Fatalf("the worker's last frame was no bye: %+v", last)
		}
	}
}
