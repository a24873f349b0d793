package child

import (
	"bufio"
	"context"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"

	"grab/downloader"
	"grab/downloader/internal/cause"
)

// maxSilence is how long a child with a job may send nothing. A child sends a tick ten
// times a second, so this finds those that were stopped or hang.
const maxSilence = 15 * time.Second

// childGrace is how long a child may take to end by itself.
const childGrace = 5 * time.Second

// process is one child process.
type process struct {
	cmd     *exec.Cmd
	dir     string // by which the child opens the output directory
	in      io.Closer
	orders  *encoder // writes to in
	reports *decoder
	stderr  *tail
}

// startProcess starts a child process, for the output directory that dir is open at.
// args[0] is the program.
func startProcess(args []string, opts *downloader.Options, dir *os.File) (*process, error) {
	p := &process{stderr: &tail{}}
	p.cmd = exec.Command(args[0], args[1:]...)
	p.cmd.Args[0] = os.Args[0] // else ps would show /proc/self/exe
	p.cmd.Env = childEnv(opts.Workers)
	p.cmd.Stderr = p.stderr
	p.cmd.WaitDelay = childGrace
	p.dir = passDir(p.cmd, dir, opts.Dir)
	bindToParent(p.cmd)
	in, err := p.cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	out, err := p.cmd.StdoutPipe()
	if err != nil {
		in.Close() // cmd.Start would have closed both ends
		p.cmd.Stdin.(io.Closer).Close()
		return nil, err
	}
	if err := p.cmd.Start(); err != nil {
		return nil, err
	}
	p.in, p.orders = in, newEncoder(in)
	p.reports = newDecoder(bufio.NewReader(&patientReader{file: out.(*os.File)}))
	return p, nil
}

// handshake sends the first frames, and waits until the child is ready for work. The
// end of ctx kills the child.
func (p *process) handshake(ctx context.Context, h hello, draining bool) error {
	stop := context.AfterFunc(ctx, p.kill)
	defer stop()
	h.Options.Dir = p.dir
	err := p.orders.write(order{Hello: &h})
	if err == nil && draining {
		err = p.orders.write(order{Drain: true})
	}
	var answer report
	if err == nil {
		err = p.reports.read(&answer)
	}
	if err == nil && !answer.Ready {
		err = errors.New("its first frame was no ready")
	}
	return err
}

// interrupt ends the process's input. The process then drops its item, but keeps what
// it has of it for the next run. If it takes too long, it is killed.
func (p *process) interrupt() {
	_ = p.in.Close()
	time.AfterFunc(2*afterParentGrace, p.kill)
}

func (p *process) kill() { _ = p.cmd.Process.Kill() }

// Unstartable reports whether err says that this machine has no room for another
// process. Without a free descriptor, fork and exec may fail with EBADF.
func Unstartable(err error) bool {
	return cause.IsShortage(err) || errors.Is(err, syscall.EBADF) || errors.Is(err, syscall.EAGAIN) || errors.Is(err, syscall.ENOMEM)
}

// childEnv returns the environment of a child. The children share the machine's
// processors, since each has one download at a time. They get the settings through a
// pipe: those in the environment may be secrets, such as GRAB_HEADER.
func childEnv(children int) []string {
	env := slices.DeleteFunc(os.Environ(), func(entry string) bool { return strings.HasPrefix(entry, "GRAB_") })
	if os.Getenv("GOMAXPROCS") == "" {
		env = append(env, "GOMAXPROCS="+strconv.Itoa(max(1, runtime.GOMAXPROCS(0)/children)))
	}
	return env
}

// patientReader reads from a pipe, and fails if nothing comes for maxSilence. It then
// tries once more for a second: if this process was itself stopped, the deadline has
// passed although the child is well.
type patientReader struct{ file *os.File }

// Read implements [io.Reader].
func (r *patientReader) Read(p []byte) (int, error) {
	for _, limit := range []time.Duration{maxSilence, time.Second} {
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

// tailLimit is how much of the end of a child's standard error is kept, in bytes.
const tailLimit = 400

// tail is an [io.Writer] that keeps the end of what is written to it.
type tail struct{ data []byte }

// Write implements [io.Writer].
func (t *tail) Write(p []byte) (int, error) {
	t.data = append(t.data, p...)
	if extra := len(t.data) - tailLimit; extra > 0 {
		t.data = append(t.data[:0], t.data[extra:]...)
	}
	return len(p), nil
}

// String returns the kept text in one line. Nothing may be written meanwhile.
func (t *tail) String() string {
	return strings.Join(strings.Fields(string(t.data)), " ")
}

// ThisProgram returns the command that runs this program with other arguments. On Linux
// it works even after the program's file was replaced or deleted, unless /proc is missing,
// as in a chroot. Then the program is found by its name. If that fails as well, so does the
// start of the child, with an error that names the program.
func ThisProgram(args ...string) []string {
	running := ""
	if runtime.GOOS == "linux" {
		running = "/proc/self/exe"
	}
	return append([]string{findProgram(running, os.Executable, os.Args[0])}, args...)
}

// findProgram returns the file of this program: running, if that exists, else what executable
// says, else the file that name stands for.
func findProgram(running string, executable func() (string, error), name string) string {
	if _, err := os.Stat(running); err == nil {
		return running
	}
	if path, err := executable(); err == nil {
		return path
	}
	if path, err := exec.LookPath(name); err == nil {
		if path, err = filepath.Abs(path); err == nil {
			return path
		}
	}
	return name + " (this program, which is not found without /proc)"
}
