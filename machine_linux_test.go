package main

import (
	"os"
	"os/exec"
	"strings"
	"testing"
)

// fault is something that a machine does to a run.
type fault struct {
	rows      string // of part B of the catalogue of faults
	namespace string // unshare's flag, and only root may have one; empty: none is needed
	needs     string // programs
	script    string // for sh, in an empty directory, with a mode in $MODE
	want      string // what it prints
}

// playAll plays each fault in every mode.
func playAll(t *testing.T, faults []fault) {
	for _, f := range faults {
		for _, mode := range []string{"sequential", "pool", "process"} {
			t.Run(f.rows+" "+mode, func(t *testing.T) {
				t.Parallel()
				if got := f.play(t, mode); got != f.want {
					t.Errorf("printed\n%s\nwant\n%s", got, f.want)
				}
			})
		}
	}
}

// play returns what the script prints in a mode.
func (f fault) play(t *testing.T, mode string) string {
	t.Helper()
	for program := range strings.FieldsSeq(f.needs) {
		if _, err := exec.LookPath(program); err != nil {
			t.Skip(err)
		}
	}
	command := []string{"sh", "-euc", f.script}
	if f.namespace != "" {
		if os.Getuid() != 0 {
			t.Skip("only root may do that to a machine")
		}
		if out, err := exec.Command("unshare", f.namespace, "true").CombinedOutput(); err != nil {
			t.Skipf("no namespace here: %v: %s", err, out)
		}
		command = append([]string{"unshare", f.namespace}, command...)
	}
	cmd := exec.Command(command[0], command[1:]...)
	cmd.Dir = t.TempDir()
	cmd.Env = append(os.Environ(), "MODE="+mode)
	var stderr strings.Builder
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Errorf("%v\n%s", err, &stderr)
	}
	return string(out)
}

// TestMachine plays what a machine does to a run besides its disk.
func TestMachine(t *testing.T) {
	playAll(t, []fault{
		{rows: "B58", namespace: "-n", needs: "ip", script: `
			ip link set lo up
			grab -q -json -mode $MODE -n 3 -local -latency 50ms -images 60 -header-timeout 500ms -stall-timeout 500ms -retry-max 1s >results &
			grab=$!
			until grep -q '"status":"ok"' results; do kill -0 $grab; done
			ip link set lo down
			sleep 2
			ip link set lo up
			wait $grab
			grep -c '"status":"ok"' results
			grep -c '"attempts":[2-9]' results | sed 's/^[1-9].*/some/'`,
			want: "60\nsome\n"},
	})
}
