package downloader

import (
	"context"
	"errors"
	"fmt"
	"io"
	"sync"
	"time"
)

// tickEvery is how often a child tells of its progress during a job.
const tickEvery = 100 * time.Millisecond

// orphanGrace is how long a child without a parent has to clear up.
const orphanGrace = time.Second

// ServeWorker is a child of [Process] mode: it fetches the items that come as
// frames on in, one at a time, and answers on out, until in ends. The end of in
// is the parent's end, whatever killed it: the child then drops its download and
// returns within a second or so. Signals are the parent's business; the caller
// ignores them.
func ServeWorker(ctx context.Context, in io.Reader, out io.Writer) error {
	first, err := readFrame(in)
	if err != nil {
		return fmt.Errorf("worker: no hello: %w", err)
	}
	if first.Hello == nil || first.Hello.Version != wireVersion {
		return errors.New("worker: the parent speaks another version")
	}
	w := &worker{out: out, counters: &Counters{}, drain: make(chan struct{}), jobs: make(chan Item)}
	stager, err := newStager(first.Hello.Options.Dir)
	if err != nil {
		return err
	}
	defer stager.close()
	w.fetcher = newFetcher(first.Hello.Options, stager, w.counters, w.drain)
	defer w.fetcher.close()
	if err := w.send(frame{Ready: &struct{}{}}); err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	reading := make(chan error, 1)
	go func() { reading <- w.read(ctx, in) }()
	working := make(chan error, 1)
	go func() { working <- w.work(ctx) }()

	select {
	case err = <-working: // cannot write: the parent is gone
		return err
	case err = <-reading:
	}
	cancel()
	select {
	case workErr := <-working:
		err = errors.Join(err, workErr)
	case <-time.After(orphanGrace):
		return errors.New("worker: the parent is gone, and the download would not stop")
	}
	return errors.Join(err, w.send(frame{Bye: &Usage{CPU: cpuTime(), PeakRSS: peakRSS()}}))
}

// worker is the child's side of the pipe.
type worker struct {
	fetcher  *fetcher
	counters *Counters
	drain    chan struct{}
	jobs     chan Item // closed when the input ends

	mu   sync.Mutex // one frame at a time
	out  io.Writer
	told int64 // bytes that the parent knows of
}

func (w *worker) send(f frame) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	return writeFrame(w.out, f)
}

// read takes frames until the input ends, which is no error between two frames.
func (w *worker) read(ctx context.Context, in io.Reader) error {
	defer close(w.jobs)
	for {
		f, err := readFrame(in)
		switch {
		case err == io.EOF:
			return nil
		case err != nil:
			return fmt.Errorf("worker: %w", err)
		case f.Drain != nil:
			close(w.drain)
		case f.Job != nil:
			select {
			case w.jobs <- *f.Job:
			case <-ctx.Done():
				return nil
			}
		default:
			return errors.New("worker: a frame that no parent sends")
		}
	}
}

func (w *worker) work(ctx context.Context) error {
	for item := range w.jobs {
		if err := w.job(ctx, item); err != nil {
			return err
		}
	}
	return nil
}

// job fetches one item, and ticks meanwhile so that the parent sees it live.
func (w *worker) job(ctx context.Context, item Item) error {
	stop, stopped := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(stopped)
		ticker := time.NewTicker(tickEvery)
		defer ticker.Stop()
		for {
			select {
			case <-ticker.C:
				if w.send(frame{Tick: &tick{Bytes: w.news()}}) != nil {
					return // work finds it out too
				}
			case <-stop:
				return
			}
		}
	}()
	done := w.fetcher.Do(ctx, item)
	close(stop)
	<-stopped
	if bytes := w.news(); bytes > 0 {
		if err := w.send(frame{Tick: &tick{Bytes: bytes}}); err != nil {
			return err
		}
	}
	return w.send(frame{Done: &done})
}

// news returns the bytes received since it was last called.
func (w *worker) news() int64 {
	all := w.counters.Bytes.Load()
	bytes := all - w.told
	w.told = all
	return bytes
}
