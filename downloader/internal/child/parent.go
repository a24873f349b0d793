package child

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"

	"grab/downloader"
	"grab/downloader/internal/client"
	"grab/downloader/internal/machine"
	"grab/downloader/internal/stage"
	"grab/downloader/internal/work"
	"grab/downloader/live"
)

// unstartable reports whether err says that this machine cannot have another
// process. With no descriptor left, fork and exec at times say EBADF.
func Unstartable(err error) bool {
	return client.IsShortage(err) || errors.Is(err, syscall.EBADF) || errors.Is(err, syscall.EAGAIN) || errors.Is(err, syscall.ENOMEM)
}

// restart starts the process again, and waits if the machine has no room for it.
func (c *Executor) restart(ctx context.Context) error {
	began := time.Now()
	for times := 1; ; times++ {
		err := c.Start(ctx)
		if err == nil || !Unstartable(err) || time.Since(began) > work.Patience || work.Pause(ctx, c.drain, times) != nil {
			return err
		}
	}
}

// silence is how long a child with a job may say nothing. It ticks ten times a
// second, so that one that was stopped, or hangs, is found out by this.
const silence = 15 * time.Second

// childGrace is how long a child may take to end by itself.
const childGrace = 5 * time.Second

// maxDeaths is how many children an item may cost before it is given up.
const maxDeaths = 2

// child is the [executor] backed by a child process. It belongs to one
// goroutine. A process that dies is replaced, and its item tried once more.
type Executor struct {
	command  []string
	hello    hello
	stager   *stage.Dir
	counters *live.Counters
	drain    <-chan struct{} // closed: no new requests

	mu       sync.Mutex // the process is killed and drained from other goroutines
	process  *process
	draining bool

	usage downloader.Usage // of the processes that ended
}

// childProcess is one life of a child.
type process struct {
	cmd    *exec.Cmd
	in     io.WriteCloser
	out    *bufio.Reader
	stderr *tail
}

func New(command []string, opts downloader.Options, stager *stage.Dir, counters *live.Counters, drain <-chan struct{}) *Executor {
	return &Executor{
		command: command, hello: hello{Version: WireVersion, Options: opts},
		stager: stager, counters: counters, drain: drain,
	}
}

// start runs the process, and waits until it is ready for work.
func (c *Executor) Start(ctx context.Context) error {
	p := &process{stderr: &tail{}}
	p.cmd = exec.Command(c.command[0], c.command[1:]...)
	p.cmd.Args[0] = os.Args[0] // so that /proc/self/exe shows under the program's name
	p.cmd.Env = childEnv(c.hello.Options.Workers)
	p.cmd.Stderr = p.stderr
	p.cmd.WaitDelay = childGrace
	bindToParent(p.cmd)
	in, err := p.cmd.StdinPipe()
	if err != nil {
		return err
	}
	out, err := p.cmd.StdoutPipe()
	if err != nil {
		in.Close() // Start would have, both ends
		p.cmd.Stdin.(io.Closer).Close()
		return err
	}
	if err := p.cmd.Start(); err != nil {
		return err
	}
	p.in, p.out = in, bufio.NewReader(&patientReader{file: out.(*os.File)})
	c.mu.Lock()
	c.process = p
	draining := c.draining
	c.mu.Unlock()
	stop := context.AfterFunc(ctx, func() { _ = p.cmd.Process.Kill() })
	defer stop()
	err = writeFrame(p.in, frame{Hello: &c.hello})
	if err == nil && draining {
		err = writeFrame(p.in, frame{Drain: &struct{}{}})
	}
	var answer frame
	if err == nil {
		answer, err = readFrame(p.out)
	}
	if err == nil && answer.Ready == nil {
		err = errors.New("its first frame was no ready")
	}
	if err != nil {
		return c.endFailed(err)
	}
	return nil
}

// Do implements [executor].
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
	c.stager.Remove(j.Index) // what the dead left
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

// call hands the process one item, and reads until it is done.
func (c *Executor) call(ctx context.Context, j work.Job) (work.Outcome, error) {
	p := c.process
	stop := context.AfterFunc(ctx, p.interrupt)
	defer stop()
	c.mu.Lock() // against a drain at the same time
	err := writeFrame(p.in, frame{Job: &j})
	c.mu.Unlock()
	if err != nil {
		return work.Outcome{}, err
	}
	var seen live.Tracker
	j.Follow(&seen)
	for {
		f, err := readFrame(p.out)
		switch {
		case err != nil:
			return work.Outcome{}, err
		case f.Tick != nil:
			seen.Report(f.Tick.Phase)
			c.counters.Bytes.Add(f.Tick.Bytes)
		case f.Done == nil:
			return work.Outcome{}, errors.New("a frame that no worker sends")
		case !f.Done.Answers(j.Item):
			return work.Outcome{}, errors.New("no answer to its item")
		default:
			c.counters.Bytes.Add(f.Done.Received)
			if ctx.Err() != nil && f.Done.Result.Status == downloader.StatusCanceled {
				at, _ := seen.Now()
				f.Done.Result.Fail(downloader.FromContext(ctx, at.String())) // of which the process knows nothing
			}
			return *f.Done, nil
		}
	}
}

// interrupt has the process drop the item in hand, by the end of its input, so that
// what it has of it stays for the next run. One that takes too long is killed.
func (p *process) interrupt() {
	_ = p.in.Close()
	time.AfterFunc(2*afterParentGrace, func() { _ = p.cmd.Process.Kill() })
}

// bury ends a process that failed with err, and returns what is known of its death.
func (c *Executor) endFailed(err error) error {
	_ = c.process.cmd.Process.Kill()
	p := c.wait()
	reason := "the worker process ended: " + p.cmd.ProcessState.String()
	if errors.Is(err, os.ErrDeadlineExceeded) {
		reason = fmt.Sprintf("the worker process said nothing for %v", silence)
	} else if err != io.EOF && err != io.ErrUnexpectedEOF {
		reason = "the worker process broke the protocol: " + err.Error()
	}
	if said := p.stderr.String(); said != "" {
		reason += ": " + said
	}
	return errors.New(reason)
}

// reap waits for the process, which was told to end or killed.
func (c *Executor) wait() *process {
	c.mu.Lock()
	p := c.process
	c.process = nil
	c.mu.Unlock()
	_ = p.cmd.Wait()
	c.usage = c.usage.Plus(machine.Of(p.cmd.ProcessState))
	return p
}

// stopRequests tells the process to make no new requests. It is called from
// another goroutine than Do, and at most once.
func (c *Executor) StopRequests() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.draining = true
	if c.process != nil {
		_ = writeFrame(c.process.in, frame{Drain: &struct{}{}}) // a dead process needs no telling
	}
}

// close ends the process, and returns what all the child's processes used.
func (c *Executor) Close() downloader.Usage {
	if c.process == nil {
		return c.usage
	}
	p := c.process
	timer := time.AfterFunc(childGrace, func() { _ = p.cmd.Process.Kill() })
	defer timer.Stop()
	_ = p.in.Close() // the sign to end
	var bye *downloader.Usage
	for {
		f, err := readFrame(p.out)
		if err != nil {
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

// childEnv is the environment of a child: the machine's processors are shared
// out, since each child has one download to look after and not n.
func childEnv(children int) []string {
	env := os.Environ()
	if os.Getenv("GOMAXPROCS") == "" {
		env = append(env, "GOMAXPROCS="+strconv.Itoa(max(1, runtime.GOMAXPROCS(0)/children)))
	}
	return env
}

// patientReader reads from a pipe that must not stay silent. A deadline that
// passed while this very process was stopped gets a second look.
type patientReader struct{ file *os.File }

func (r *patientReader) Read(p []byte) (int, error) {
	for _, limit := range []time.Duration{silence, time.Second} {
		if err := r.file.SetReadDeadline(time.Now().Add(limit)); err != nil && !errors.Is(err, os.ErrNoDeadline) {
			return 0, err
		}
		n, err := r.file.Read(p)
		if n > 0 || !errors.Is(err, os.ErrDeadlineExceeded) {
			return n, err
		}
	}
	return 0, os.ErrDeadlineExceeded
}

// tailLimit is how much of a child's last words is kept, in bytes.
const tailLimit = 400

// tail is an io.Writer that keeps the end of what was written.
type tail struct{ data []byte }

func (t *tail) Write(p []byte) (int, error) {
	t.data = append(t.data, p...)
	if extra := len(t.data) - tailLimit; extra > 0 {
		t.data = append(t.data[:0], t.data[extra:]...)
	}
	return len(p), nil
}

// String returns the kept text in one line; only for after the writer is done.
func (t *tail) String() string {
	return strings.Join(strings.Fields(string(t.data)), " ")
}

// ThisProgram is the command of this very program as a child, with arguments. On
// Linux that holds even after the file was replaced or deleted.
func ThisProgram(args ...string) []string {
	self := "/proc/self/exe"
	if runtime.GOOS != "linux" {
		self, _ = os.Executable() // empty: starting it fails, and says so
	}
	return append([]string{self}, args...)
}
