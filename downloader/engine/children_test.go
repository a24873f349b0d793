package engine_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/binary"
	"encoding/json"
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
var misbehaviours = map[string]func(job Item) int{
	"die-at-job": func(Item) int {
		fmt.Fprintln(os.Stderr, "the child's last words")
		return 4
	},
	"garbage":        func(Item) int { os.Stdout.WriteString("\x00\x00\x00\x05junk!"); return wait() },
	"not-a-frame":    func(Item) int { os.Stdout.WriteString("panic: runtime error\n"); return wait() },
	"oversize":       func(Item) int { os.Stdout.WriteString("\xff\xff\xff\xff{}"); return wait() },
	"half-frame":     func(Item) int { os.Stdout.WriteString("\x00\x00\x10\x00{\"done\":"); return 0 },
	"half-head":      func(Item) int { os.Stdout.WriteString("\x00\x00"); return 0 },
	"empty-frame":    func(Item) int { os.Stdout.WriteString("\x00\x00\x00\x02{}"); return wait() },
	"closes-its-out": func(Item) int { os.Stdout.Close(); return wait() },
	"other-index": func(job Item) int {
		job.Index++
		lie := Result{Item: job, Status: StatusFailed, Class: ClassHTTP4xx, Error: "404 Not Found"}
		send(map[string]any{"done": map[string]any{"result": lie}})
		return wait()
	},
	"no-status":    func(job Item) int { return forge(job, "", job, "x") },
	"other-staged": func(job Item) int { other := job; other.Index += 7; return forge(job, "ok", other, "x") },
	"no-file":      func(job Item) int { return forge(job, "ok", job, ".grab/none") },
	"outside":      func(job Item) int { return forge(job, "ok", job, "../secret") },
}

// misbehave says hello as a worker does, and then misbehaves by name.
func misbehave(name string) int {
	if name == "die-at-start" {
		fmt.Fprintln(os.Stderr, "cannot work:\nno paper")
		return 3
	}
	in := bufio.NewReader(os.Stdin)
	receive(in)
	send(map[string]any{"ready": struct{}{}})
	var message struct{ Job Item }
	if err := json.Unmarshal(receive(in), &message); err != nil {
		return fail(err)
	}
	return misbehaviours[name](message.Job)
}

// forge answers a job with any outcome.
func forge(job Item, status Status, staged Item, path string) int {
	send(map[string]any{"done": map[string]any{
		"result": Result{Item: job, Status: status},
		"staged": Staged{Item: staged, Path: path, Ext: ".jpg"},
	}})
	return wait()
}

// wait returns when the parent closes the child's input or sends more.
func wait() int {
	_, _ = os.Stdin.Read(make([]byte, 1))
	return 0
}

func send(message any) { os.Stdout.Write(encodeFrame(message)) }

// encodeFrame implements the wire format a second time, for comparison.
func encodeFrame(message any) []byte {
	body, err := json.Marshal(message)
	if err != nil {
		panic(err)
	}
	return append(binary.BigEndian.AppendUint32(nil, uint32(len(body))), body...)
}

// writeFrames writes frames until the reader is gone.
func writeFrames(t testing.TB, w io.Writer, messages ...any) {
	for _, m := range messages {
		if _, err := w.Write(encodeFrame(m)); err != nil {
			t.Logf("the reader is gone: %v", err)
			return
		}
	}
}

// receive returns the body of the next frame, or nil at the end.
func receive(in io.Reader) []byte {
	var length uint32
	if binary.Read(in, binary.BigEndian, &length) != nil {
		os.Exit(0)
	}
	body := make([]byte, length)
	if _, err := io.ReadFull(in, body); err != nil {
		os.Exit(0)
	}
	return body
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
