package engine_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"iter"
	"runtime"
	"strings"
	"testing"
	"testing/iotest"

	. "grab/downloader"
	. "grab/downloader/engine"
	"grab/downloader/sink"
)

// TestReadErrorEndsTheRun checks that the images finished before a read error stay.
func TestReadErrorEndsTheRun(t *testing.T) {
	eachMode(t, func(t *testing.T, opts Options) {
		server := startScripts(t, map[string]script{"/1": says(wholeReply)})
		broken := errors.New("disk on fire")
		body := io.MultiReader(strings.NewReader(server.url("/1")+"\nword\n"), iotest.ErrReader(broken))
		o := runIn(t.Context(), t, opts, Deps{}, listOf(body))
		if _, ok := errors.AsType[*UsageError](o.err); !ok || !errors.Is(o.err, broken) {
			t.Errorf("the error is %v", o.err)
		}
		if o.summary.OK != 1 || o.summary.Failed != 1 {
			t.Errorf("summary %+v", o.summary)
		}
	})
}

// TestLazyList writes each line of a list into a pipe only when the image before it is
// there.
func TestLazyList(t *testing.T) {
	eachMode(t, func(t *testing.T, opts Options) {
		server := startScripts(t, map[string]script{"/x": says(wholeReply)})
		r, w := io.Pipe()
		next := make(chan struct{})
		go func() {
			for range 5 {
				fmt.Fprintln(w, server.url("/x"))
				<-next
			}
			w.Close()
		}()
		deps := Deps{Observers: []Observer{ObserverFunc(func(Result) { next <- struct{}{} })}}
		if o := runIn(t.Context(), t, opts, deps, listOf(r)); o.summary.OK != 5 || o.err != nil {
			t.Errorf("%+v, %v", o.summary, o.err)
		}
	})
}

// TestMemoryDoesNotGrowWithTheList compares the heap early in a long list with
// the heap at its end.
func TestMemoryDoesNotGrowWithTheList(t *testing.T) {
	for _, c := range modeCases { // one after another, for they share a heap
		t.Run(c.String(), func(t *testing.T) { longList(t, options(t, c)) })
	}
}

func longList(t *testing.T, opts Options) {
	files, err := sink.NewFiles(opts.Dir, false)
	if err != nil {
		t.Fatal(err)
	}
	defer files.Close()
	const n = 100_000
	lines, stop := iter.Pull(func(yield func(string) bool) {
		for i := range n {
			if !yield(fmt.Sprintf("ftp://a.test/some/folder/image-%d.jpg\n", i)) {
				return
			}
		}
	})
	defer stop()
	heap := func() int64 {
		var m runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&m)
		return int64(m.HeapAlloc)
	}
	seen, early := 0, int64(0)
	watch := ObserverFunc(func(Result) {
		if seen++; seen == n/10 {
			early = heap()
		}
	})
	d, err := New(opts, Deps{Output: files, Observers: []Observer{watch}, WorkerCommand: childCommand("worker")})
	if err != nil {
		t.Fatal(err)
	}
	summary, err := d.Run(t.Context(), listOf(&pulled{next: lines}))
	if err != nil || summary.Failed != n || seen != n {
		t.Fatalf("%+v, %v", summary, err)
	}
	if grown := heap() - early; grown > 2<<20 { // some 20 bytes for each line
		t.Errorf("the heap grew by %d bytes", grown)
	}
}

// pulled is a reader of lines that are made as they are read.
type pulled struct {
	next func() (string, bool)
	rest bytes.Buffer
}

func (p *pulled) Read(b []byte) (int, error) {
	for p.rest.Len() < len(b) {
		line, ok := p.next()
		if !ok {
			break
		}
		p.rest.WriteString(line)
	}
	return p.rest.Read(b)
}
