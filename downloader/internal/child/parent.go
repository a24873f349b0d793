// Package child is process mode: a parent whose executors are child processes, and the
// children that serve them. Parent and child send frames over a pipe.
package child

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"sync"
	"time"

	"grab/downloader"
	"grab/downloader/internal/machine"
	"grab/downloader/internal/stage"
	"grab/downloader/internal/work"
	"grab/downloader/live"
)

// maxDeaths is how many children an item may cost before it fails.
const maxDeaths = 2

// Executor is the [work.Executor] that a child process works for. It belongs to one
// goroutine. If the process dies, another takes its place and tries the item again.
type Executor struct {
	command  []string
	hello    hello
	stager   *stage.Dir
	counters *live.Counters
	drain    <-chan struct{} // closed: no new requests

	mu       sync.Mutex // other goroutines may drain and kill the process
	process  *process   // nil: there is none
	draining bool

	usage downloader.Usage // of the processes that have ended
}

// New returns an Executor whose processes run command. The caller starts it.
func New(command []string, opts downloader.Options, stager *stage.Dir, counters *live.Counters, drain <-chan struct{}) *Executor {
	return &Executor{
		command: command, hello: hello{Version: WireVersion, Options: opts},
		stager: stager, counters: counters, drain: drain,
	}
}

// Start starts the process, and waits until it is ready for work.
func (c *Executor) Start(ctx context.Context) error {
	dir, err := c.stager.Output()
	if err != nil {
		return err
	}
	defer func() { _ = dir.Close() }()
	p, err := startProcess(c.command, &c.hello.Options, dir)
	if err != nil {
		return err
	}
	c.mu.Lock()
	c.process = p
	draining := c.draining
	c.mu.Unlock()
	if err := p.handshake(ctx, c.hello, draining); err != nil {
		return c.endFailed(err)
	}
	return nil
}

// restart starts the process again. If the machine has no room for it, it waits.
func (c *Executor) restart(ctx context.Context) error {
	began := time.Now()
	for times := 1; ; times++ {
		err := c.Start(ctx)
		if err == nil || !Unstartable(err) || time.Since(began) > work.Patience || work.Pause(ctx, c.drain, times) != nil {
			return err
		}
	}
}

// Do implements [work.Executor].
func (c *Executor) Do(ctx context.Context, j work.Job) work.Outcome {
	started := time.Now().Add(-j.Spent)
	var lost error
	for range maxDeaths {
		if ctx.Err() != nil || work.IsClosed(c.drain) {
			break
		}
		if c.process == nil {
			if lost = c.restart(ctx); lost != nil {
				continue
			}
		}
		done, err := c.call(ctx, j)
		if err == nil {
			return done
		}
		lost = c.endFailed(err)
	}
	c.stager.Remove(j.Index) // a child that died may have left it
	result := downloader.NewResult(j.Item, started)
	result.Attempts, result.Timing = j.Attempts, j.Timing
	result.Timing.Total = time.Since(started).Seconds()
	if ctx.Err() != nil {
		result.Fail(downloader.FromContext(ctx, live.PhaseStart.String()))
	} else if work.IsClosed(c.drain) {
		result.Fail(work.InterruptedBeforeStart())
	} else {
		result.Fail(&downloader.Error{Class: downloader.ClassWorkerLost, Reason: fmt.Sprintf("%d workers in turn", maxDeaths), Err: lost})
	}
	return work.Outcome{Result: result}
}

// call sends the process one item, and reads frames until the item is done.
func (c *Executor) call(ctx context.Context, j work.Job) (work.Outcome, error) {
	p := c.process
	stop := context.AfterFunc(ctx, p.interrupt)
	defer stop()
	c.mu.Lock() // StopRequests may write at the same time
	err := p.orders.write(order{Job: &j})
	c.mu.Unlock()
	if err != nil {
		return work.Outcome{}, err
	}
	var seen live.Tracker
	j.Follow(&seen)
	for {
		var f report
		err := p.reports.read(&f)
		switch {
		case err != nil:
			return work.Outcome{}, err
		case f.Tick != nil:
			seen.Report(f.Tick.Phase)
			c.counters.Bytes.Add(f.Tick.Bytes)
		case f.Done == nil:
			return work.Outcome{}, errors.New("a frame that no worker sends")
		case !f.Done.Answers(&j):
			return work.Outcome{}, errors.New("no answer to its item")
		default:
			c.counters.Bytes.Add(f.Done.Received)
			if ctx.Err() != nil && f.Done.Result.Status == downloader.StatusCanceled {
				at, _ := seen.Now()
				f.Done.Result.Fail(downloader.FromContext(ctx, at.String())) // the process does not know why
			}
			return *f.Done, nil
		}
	}
}

// endFailed kills a process that failed with err, and returns what is known of its end.
func (c *Executor) endFailed(err error) error {
	c.process.kill()
	p := c.wait()
	reason := "the worker process ended: " + p.cmd.ProcessState.String()
	if errors.Is(err, os.ErrDeadlineExceeded) {
		reason = fmt.Sprintf("the worker process said nothing for %v", maxSilence)
	} else if err != io.EOF && err != io.ErrUnexpectedEOF {
		reason = "the worker process broke the protocol: " + err.Error()
	}
	if said := p.stderr.String(); said != "" {
		reason += ": " + said
	}
	return errors.New(reason)
}

// wait waits for the end of the process, which was killed or had its input closed.
func (c *Executor) wait() *process {
	c.mu.Lock()
	p := c.process
	c.process = nil
	c.mu.Unlock()
	_ = p.cmd.Wait()
	c.usage = c.usage.Plus(machine.Of(p.cmd.ProcessState))
	return p
}

// StopRequests tells the process to make no new requests. It may be called while Do
// runs, and at most once.
func (c *Executor) StopRequests() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.draining = true
	if c.process != nil {
		_ = c.process.orders.write(order{Drain: true}) // an error means that the process is dead
	}
}

// Close ends the process, and returns what all processes of this Executor used.
func (c *Executor) Close() downloader.Usage {
	if c.process == nil {
		return c.usage
	}
	p := c.process
	timer := time.AfterFunc(childGrace, p.kill)
	defer timer.Stop()
	_ = p.in.Close() // this tells it to end
	var bye *downloader.Usage
	for {
		var f report
		if p.reports.read(&f) != nil {
			break
		}
		if f.Bye != nil {
			bye = f.Bye
		}
	}
	c.wait()
	if bye != nil {
		c.usage.PeakRSS = bye.PeakRSS
	}
	return c.usage
}
