package engine_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"encoding/gob"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"testing"

	. "grab/downloader"
	"grab/downloader/internal/child"
)

// childPrefix marks the first argument of a test binary that is to act as a child.
const childPrefix = "child:"

// childCommand is the command of a child with a role; see actAsChild.
func childCommand(role string, args ...string) []string {
	return append([]string{os.Args[0], childPrefix + role}, args...)
}

// actAsChild plays a role until the child ends, and returns its exit code.
func actAsChild(role string, args []string) int {
	switch role {
	case "worker":
		return serve()
	case "holder": // a worker that holds a FIFO open for as long as it lives
		if _, err := os.OpenFile(args[0], os.O_WRONLY, 0); err != nil {
			return fail(err)
		}
		return serve()
	case "parent":
		return actAsParent(args)
	case "once": // misbehaves in its first life, which leaves the file args[1]
		if f, err := os.OpenFile(args[1], os.O_CREATE|os.O_EXCL, 0o666); err != nil {
			return serve()
		} else {
			f.Close()
		}
		return misbehave(args[0])
	default:
		return misbehave(role)
	}
}

func serve() int {
	if err := child.Serve(context.Background(), os.Stdin, os.Stdout); err != nil {
		return fail(err)
	}
	return 0
}

func fail(err error) int {
	fmt.Fprintln(os.Stderr, err)
	return 1
}

// misbehaviours are the ways in which a child can fail, by name. Each gets the child's
// first job.
var misbehaviours = map[string]func(p *pipe, job Item) int{
	"die-at-job": func(*pipe, Item) int {
		fmt.Fprintln(os.Stderr, "the child's last words")
		return 4
	},
	"garbage":        func(*pipe, Item) int { os.Stdout.WriteString("\x00\x00\x00\x05junk!"); return wait() },
	"not-a-frame":    func(*pipe, Item) int { os.Stdout.WriteString("panic: runtime error\n"); return wait() },
	"oversize":       func(*pipe, Item) int { os.Stdout.WriteString("\xff\xff\xff\xff{}"); return wait() },
	"half-frame":     func(*pipe, Item) int { os.Stdout.WriteString("\x00\x00\x10\x00{\"done\":"); return 0 },
	"half-head":      func(*pipe, Item) int { os.Stdout.WriteString("\x00\x00"); return 0 },
	"empty-frame":    func(*pipe, Item) int { os.Stdout.WriteString("\x00\x00\x00\x02{}"); return wait() },
	"no-message":     func(p *pipe, _ Item) int { p.send(struct{ Done *Result }{}); return wait() },
	"closes-its-out": func(*pipe, Item) int { os.Stdout.Close(); return wait() },
	"other-index": func(p *pipe, job Item) int {
		job.Index++
		lie := Result{Item: job, Status: StatusFailed, Class: ClassHTTP4xx, Error: "404 Not Found"}
		p.send(doneFrame{answer{Result: lie}})
		return wait()
	},
	"no-status":    func(p *pipe, job Item) int { return p.forge(job, "", job, "x") },
	"other-staged": func(p *pipe, job Item) int { other := job; other.Index += 7; return p.forge(job, "ok", other, "x") },
	"no-file":      func(p *pipe, job Item) int { return p.forge(job, "ok", job, ".grab/none") },
	"outside":      func(p *pipe, job Item) int { return p.forge(job, "ok", job, "../secret") },
}

// misbehave says hello as a worker does, and then misbehaves by name.
func misbehave(name string) int {
	if name == "die-at-start" {
		fmt.Fprintln(os.Stderr, "cannot work:\nno paper")
		return 3
	}
	p := newPipe(os.Stdout)
	in := gob.NewDecoder(frameReader{os.Stdin})
	p.send(readyFrame{true})
	for {
		var order jobFrame
		if err := in.Decode(&order); err == io.EOF {
			return 0
		} else if err != nil {
			return fail(err)
		}
		if order.Job != nil {
			return misbehaviours[name](p, order.Job.Item)
		}
	}
}

// forge answers a job with any outcome.
func (p *pipe) forge(job Item, status Status, staged Item, path string) int {
	p.send(doneFrame{answer{
		Result: Result{Item: job, Status: status},
		Staged: Staged{Item: staged, Path: path, Ext: ".jpg"},
	}})
	return wait()
}

// wait returns when the parent closes the child's input or sends more.
func wait() int {
	_, _ = os.Stdin.Read(make([]byte, 1))
	return 0
}

// The messages of parent and child that tests send.
type (
	helloFrame struct{ Hello greeting }
	jobFrame   struct{ Job *job }
	readyFrame struct{ Ready bool }
	doneFrame  struct{ Done answer }

	greeting struct {
		Version int
		Options Options
	}
	job    struct{ Item Item }
	answer struct {
		Result Result
		Staged Staged
	}
)

// pipe implements the wire format a second time, for comparison.
type pipe struct {
	out  io.Writer
	body bytes.Buffer
	gob  *gob.Encoder
}

func newPipe(out io.Writer) *pipe {
	p := &pipe{out: out}
	p.gob = gob.NewEncoder(&p.body)
	return p
}

func (p *pipe) send(message any) error {
	p.body.Reset()
	if err := p.gob.Encode(message); err != nil {
		panic(err)
	}
	_, err := p.out.Write(append(binary.BigEndian.AppendUint32(nil, uint32(p.body.Len())), p.body.Bytes()...))
	return err
}

// writeFrames writes frames until the reader is gone.
func writeFrames(t testing.TB, w io.Writer, messages ...any) {
	p := newPipe(w)
	for _, m := range messages {
		if err := p.send(m); err != nil {
			t.Logf("the reader is gone: %v", err)
			return
		}
	}
}

// frameReader reads the bodies of frames, one frame with each call: gob's messages may
// not span two of them.
type frameReader struct{ in io.Reader }

// Read implements [io.Reader].
func (r frameReader) Read(p []byte) (int, error) {
	var length uint32
	if err := binary.Read(r.in, binary.BigEndian, &length); err != nil {
		return 0, err
	}
	if int(length) > len(p) {
		return 0, fmt.Errorf("frame of %d bytes for %d", length, len(p))
	}
	return io.ReadFull(r.in, p[:length])
}

// childrenOf returns the processes that have marker as an argument, except this one.
// Without /proc it finds none.
func childrenOf(t testing.TB, marker string) []int {
	t.Helper()
	lines, err := filepath.Glob("/proc/[0-9]*/cmdline")
	if err != nil {
		t.Fatal(err)
	}
	var pids []int
	for _, name := range lines {
		line, err := os.ReadFile(name)
		if err != nil {
			continue // gone meanwhile
		}
		pid, _ := strconv.Atoi(filepath.Base(filepath.Dir(name)))
		if slices.ContainsFunc(bytes.Split(line, []byte{0}), func(arg []byte) bool { return string(arg) == marker }) && pid != os.Getpid() {
			pids = append(pids, pid)
		}
	}
	return pids
}
