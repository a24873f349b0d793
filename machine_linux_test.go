package main

import (
	"os"
	"os/exec"
	"strings"
	"testing"
)

// inNamespace runs a shell script in namespaces of its own, where it may mount
// and turn the network off. $MODE is the mode. It returns what it prints.
func inNamespace(t *testing.T, kind, mode, script string) string {
	t.Helper()
	if os.Getuid() != 0 {
		t.Skip("only root may do that to a machine")
	}
	if out, err := exec.Command("unshare", kind, "true").CombinedOutput(); err != nil {
		t.Skipf("no namespace here: %v: %s", err, out)
	}
	cmd := exec.Command("unshare", kind, "sh", "-ec", script)
	cmd.Dir = t.TempDir()
	cmd.Env = append(os.Environ(), "MODE="+mode)
	var stderr strings.Builder
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%v\n%s\n%s", err, out, &stderr)
	}
	return string(out)
}

// TestFullDisk plays B01 and B02 with a file system that has too few bytes or too
// few files: exit code 3, nothing partial under a name, and the rest when there
// is room.
func TestFullDisk(t *testing.T) {
	for _, limit := range []string{"size=256k", "nr_inodes=16"} {
		for _, mode := range []string{"sequential", "pool", "process"} {
			t.Run(limit+" "+mode, func(t *testing.T) {
				t.Parallel()
				out := inNamespace(t, "-m", mode, `
					mkdir images
					mount -t tmpfs -o `+limit+` tmpfs images
					fetch() { grab -q -mode $MODE -n 3 -local -latency 0 -images 60 -out images; echo exit $?; }
					set +e
					fetch
					grep -c '"status":"ok"' images/manifest.jsonl | sed 's/^[1-9].*/some/'
					mount -o remount,size=100m,nr_inodes=1000 images
					fetch
					grab -json -q -local -images 60 -check -out images | grep -c '"status":"skipped"'
					ls images | wc -l`)
				if out != "exit 3\nsome\nexit 0\n60\n61\n" {
					t.Error(out)
				}
			})
		}
	}
}

// TestNetworkDown plays B58: the network goes away in the middle of a run, and
// comes back after two seconds. No image is lost.
func TestNetworkDown(t *testing.T) {
	if _, err := exec.LookPath("ip"); err != nil {
		t.Skip("no ip command")
	}
	for _, mode := range []string{"sequential", "pool", "process"} {
		t.Run(mode, func(t *testing.T) {
			t.Parallel()
			out := inNamespace(t, "-n", mode, `
				ip link set lo up
				grab -q -json -mode $MODE -n 3 -local -latency 50ms -images 60 -header-timeout 500ms -stall-timeout 500ms -retry-max 1s >results &
				grab=$!
				until grep -q '"status":"ok"' results; do kill -0 $grab; done
				ip link set lo down
				sleep 2
				ip link set lo up
				set +e
				wait $grab
				echo exit $?
				grep -c '"status":"ok"' results
				grep -c '"attempts":[2-9]' results | sed 's/^[1-9].*/some/'`)
			if out != "exit 0\n60\nsome\n" {
				t.Error(out)
			}
		})
	}
}
