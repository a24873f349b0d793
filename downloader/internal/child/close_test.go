package child

import (
	"bytes"
	"io"
	"os"
	"os/exec"
	"testing"

	"grab/downloader"
)

// ended is a pipe that says whether it was closed.
type ended struct{ closed bool }

func (e *ended) Close() error {
	e.closed = true
	return nil
}

// TestCloseHearsOut ends processes that have reports left. The memory that the last of them
// names counts, and not what the system says of a program that does nothing.
func TestCloseHearsOut(t *testing.T) {
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	bye := report{Bye: &downloader.Usage{PeakRSS: 1 << 50}}
	for name, c := range map[string]struct {
		reports []any
		want    bool
	}{
		"only the last": {[]any{bye}, true}, "after others": {[]any{report{Tick: &tick{}}, report{Tick: &tick{}}, bye}, true},
		"before another": {[]any{bye, report{Tick: &tick{}}}, true}, "none": {nil, false}, "no last one": {[]any{report{Tick: &tick{}}}, false},
	} {
		in := &ended{}
		p := &process{cmd: exec.Command(self, "-test.run=^$"), in: in, stderr: &tail{}}
		p.orders, p.reports = newEncoder(io.Discard), newDecoder(bytes.NewReader(framesOf(t, c.reports...)))
		if err := p.cmd.Start(); err != nil {
			t.Fatal(err)
		}
		x := &Executor{process: p, usage: downloader.Usage{CPU: 1}}
		usage := x.Close()
		if got := usage.PeakRSS == 1<<50; got != c.want || usage.CPU <= 1 || !in.closed || x.process != nil {
			t.Errorf("%s: %+v, closed %t", name, usage, in.closed)
		}
		if again := x.Close(); again != usage {
			t.Errorf("%s: %+v, and then %+v", name, usage, again)
		}
	}
}
