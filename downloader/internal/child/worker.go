package child

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"sync"
	"time"

	"grab/downloader/internal/client"
	"grab/downloader/internal/failpoint"
	"grab/downloader/internal/fetch"
	"grab/downloader/internal/machine"
	"grab/downloader/internal/stage"
	"grab/downloader/internal/work"
	"grab/downloader/live"
)

// tickEvery is how often a child reports its progress during a job.
const tickEvery = 100 * time.Millisecond

// afterParentGrace is how long a child may take to clear up after its parent has gone.
const afterParentGrace = time.Second

// Serve is a child in process mode. It fetches the items that come as frames on in, one
// at a time, and answers on out, until in ends. If the parent ends for any reason, so
// does in; the child then drops its download and returns within about a second. The
// caller ignores signals, since the parent handles them.
func Serve(ctx context.Context, in io.Reader, out io.Writer) error {
	orders := newDecoder(bufio.NewReader(pollable(in)))
	var first order
	if err := orders.read(&first); err != nil {
		return fmt.Errorf("worker: no hello: %w", err)
	}
	if first.Hello == nil || first.Hello.Version != WireVersion {
		return errors.New("worker: the parent speaks another version")
	}
	w := &worker{reports: newEncoder(out), counters: &live.Counters{}, drain: make(chan struct{}), jobs: make(chan work.Job)}
	stager, err := stage.New(first.Hello.Options.Dir, first.Hello.Options.Durable)
	if err != nil {
		return err
	}
	defer stager.Close()
	w.fetcher = fetch.New(first.Hello.Options, client.Network{}, stager, w.counters, w.drain)
	defer w.fetcher.Close()
	failpoint.Pass("worker-ready")
	if err := w.send(report{Ready: true}); err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	reading := make(chan error, 1)
	go func() { reading <- w.read(ctx, orders) }()
	var ticking sync.WaitGroup
	ticking.Go(func() { w.tick(ctx) })
	defer ticking.Wait()
	defer cancel()
	working := make(chan error, 1)
	go func() { working <- w.work(ctx) }()

	select {
	case err = <-working:
		if err != nil {
			return err // cannot write: the parent is gone
		}
		err = <-reading // work ends when read does
	case err = <-reading:
		cancel()
		select {
		case workErr := <-working:
			err = errors.Join(err, workErr)
		case <-time.After(afterParentGrace):
			return errors.New("worker: the parent is gone, and the download would not stop")
		}
	}
	bye := machine.Own()
	return errors.Join(err, w.send(report{Bye: &bye}))
}

// worker is the child's end of the pipe.
type worker struct {
	fetcher  *fetch.Fetcher
	counters *live.Counters
	drain    chan struct{}
	jobs     chan work.Job // closed when the input ends

	mu       sync.Mutex // of what follows; held while a frame is written
	reports  *encoder
	busy     bool  // a job is in hand
	reported int64 // bytes that the parent has been told of
}

func (w *worker) send(r report) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.reports.write(r)
}

// begin makes way for ticks.
func (w *worker) begin() {
	w.mu.Lock()
	w.busy = true
	w.mu.Unlock()
}

// sendDone ends a job. No tick comes after it: the parent would miss its bytes.
func (w *worker) sendDone(done *work.Outcome) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.busy = false
	done.Received = w.newBytes()
	return w.reports.write(report{Done: done})
}

// sendTick sends a tick if there is a job.
func (w *worker) sendTick() error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if !w.busy {
		return nil
	}
	return w.reports.write(report{Tick: &tick{Bytes: w.newBytes(), Phase: w.counters.Phase()}})
}

// newBytes returns the number of bytes received since its last call. The caller holds mu.
func (w *worker) newBytes() int64 {
	all := w.counters.Bytes.Load()
	n := all - w.reported
	w.reported = all
	return n
}

// read reads orders until the input ends. An end between two frames is no error.
func (w *worker) read(ctx context.Context, orders *decoder) error {
	defer close(w.jobs)
	for {
		var o order
		err := orders.read(&o)
		switch {
		case err == io.EOF:
			return nil
		case err != nil:
			return fmt.Errorf("worker: %w", err)
		case o.Drain:
			close(w.drain)
		case o.Job != nil:
			select {
			case w.jobs <- *o.Job:
			case <-ctx.Done():
				return nil
			}
		default:
			return errors.New("worker: an order that no parent gives")
		}
	}
}

// work fetches the jobs, one after another.
func (w *worker) work(ctx context.Context) error {
	for j := range w.jobs {
		w.begin()
		entry := w.counters.Begin(j.Item, 0)
		j.Show(entry)
		done := w.fetcher.Do(ctx, j)
		w.counters.End(entry)
		failpoint.Pass("worker-done")
		if err := w.sendDone(&done); err != nil {
			return err
		}
		failpoint.Pass("worker-told")
	}
	return nil
}

// tick sends ticks while there is a job.
func (w *worker) tick(ctx context.Context) {
	ticker := time.NewTicker(tickEvery)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
			if w.sendTick() != nil {
				return // work will get the error too
			}
		}
	}
}
