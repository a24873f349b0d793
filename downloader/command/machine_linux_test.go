package command

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// fault is a script that disturbs a run, and what it must print.
type fault struct {
	rows      string // of part B of the catalogue of faults
	namespace string // flag for unshare, which needs root; empty: no namespace
	needs     string // programs, separated by spaces
	script    string // for sh, in an empty directory; $MODE is the mode
	want      string // what the script must print; if it prints "skip: " and a reason, it is skipped
}

// playAll runs each fault in every mode.
func playAll(t *testing.T, faults []fault) {
	plain := buildPlain(t)
	for _, f := range faults {
		for _, mode := range []string{"sequential", "pool", "process"} {
			t.Run(f.rows+" "+mode, func(t *testing.T) {
				t.Parallel()
				path := os.Getenv("PATH")
				if mode != "pool" {
					path = plain + string(filepath.ListSeparator) + path
				}
				if got := f.play(t, mode, path); got != f.want {
					t.Errorf("printed\n%s\nwant\n%s", got, f.want)
				}
			})
		}
	}
}

// buildPlain builds grab without the race detector, which makes it several times as slow,
// and returns its folder. Only pool, where most happens at once, runs with it.
func buildPlain(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	if out, err := exec.Command("go", "build", "-buildvcs=false", "-o", dir, "../..").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return dir
}

// play runs the script in a mode, with the programs at path, and returns its output.
func (f fault) play(t *testing.T, mode, path string) string {
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
	cmd.WaitDelay = 10 * time.Second // a script that fails may leave a process with its standard error
	cmd.Env = append(os.Environ(), "MODE="+mode, "PATH="+path)
	var stderr strings.Builder
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if reason, skip := strings.CutPrefix(string(out), "skip: "); skip {
		t.Skip(reason)
	}
	if err != nil {
		t.Errorf("%v\n%s", err, &stderr)
	}
	return string(out)
}

// TestMachine tests the faults of a machine other than those of its disk.
func TestMachine(t *testing.T) {
	playAll(t, []fault{
		{rows: "B22", namespace: "-m", script: `
			group=/sys/fs/cgroup/memory/grab-test-$$
			mkdir $group 2>why || { echo "skip: $(cat why)"; exit; }
			trap 'rmdir $group' EXIT
			echo 512M >$group/memory.limit_in_bytes
			sh -c 'echo $$ >'$group'/cgroup.procs; exec grab "$@"' sh -q -json -mode $MODE -n 3 -local -latency 0 -images 60 -verify decode -max-pixels 4MP -retry-after-max 5s \
				-retries 0 -max-size 4MiB -faults a23-big-header=20%,a24-interim-flood=10%,a34-endless=20%,a131-png-bomb=10%,a131-webp-bomb=10% >results || echo exit $?
			grep -c '"type":"result"' results
			grep -c '"class":"worker-lost"' results || true
			grep oom_kill_disable $group/memory.oom_control >/dev/null
			sed -n 's/^oom_kill \(.*\)/killed \1/p' $group/memory.oom_control`,
			want: "exit 1\n60\n0\nkilled 0\n"},
		{rows: "B27 B28", needs: "pgrep", script: `
			mkdir own
			cp "$(command -v grab)" own/grab
			mkfifo list
			own/grab -q -json -mode $MODE -n 2 -local -latency 0 -out images list >results &
			grab=$!
			exec 9>list
			for i in $(seq 0 39); do
				echo http://a.test/image/$i.jpg >&9
				until [ $(grep -c '"status":"ok"' results) -gt $i ]; do kill -0 $grab; done
				[ $i != 5 ] || files=$(ls /proc/$grab/fd | wc -l)
				rm -f own/grab
				! children=$(pgrep -P $grab -f 'worker$') || kill -KILL $children
			done
			[ $(ls /proc/$grab/fd | wc -l) -le $((files + 4)) ] || ls -l /proc/$grab/fd
			exec 9>&-
			wait $grab
			ls -A images | wc -l`,
			want: "41\n"},
		{rows: "B42", script: `
			{ grab -q -json -mode $MODE -n 2 -local -latency 20ms -images 300 -out images 2>err || echo exit $? >code; } | head -n 1 | wc -l
			cat code
			rm -f images/.grab/own
			grab -q -json -mode $MODE -local -latency 0 -images 300 -check -out images >results
			[ $(grep -c '"status":"ok"' results) -gt 200 ]`,
			want: "1\nexit 141\n"},
		{rows: "B43", script: `
			grab -q -mode $MODE -n 3 -local -latency 0 -images 20 -out images <&- >&- 2>&- || echo exit $?
			grab -q -json -local -images 20 -check -out images | grep -c '"status":"skipped"'`,
			want: "20\n"},
		{rows: "B44", script: `
			grab -q -json -mode $MODE -local -latency 0 -out images - </dev/null | grep -o '"total":[0-9]*'
			printf 'http://a.test/image/%d.jpg\nhttp://a.test/image/7.jpg' 1 | dd bs=1 2>dd |
				grab -q -json -mode $MODE -n 3 -local -latency 0 -out images - | grep -c '"status":"ok"'
			mkfifo list
			yes http://a.test/image/1.jpg >list 2>yes &
			grab -q -json -mode $MODE -n 3 -local -latency 1ms -out endless list >results &
			until [ $(grep -c '"status":"ok"' results) -gt 10 ]; do kill -0 $!; done
			kill -TERM $!
			wait $! || echo exit $?`,
			want: "\"total\":0\n2\nexit 143\n"},
		{rows: "B45", needs: "setsid", script: `
			setsid grab -q -json -mode $MODE -n 3 -local -latency 50ms -images 60 -out images -stall-timeout 1s -header-timeout 1s >results &
			until [ $(grep -c '"status":"ok"' results) -gt 5 ]; do kill -0 $!; done
			kill -STOP -$!
			sleep 2
			kill -CONT -$!
			wait $!
			grep -c '"status":"ok"' results`,
			want: "60\n"},
		{rows: "B46", needs: "script stty", script: `
			for columns in 0 1 2 10000; do
				script -qec "stty cols $columns; exec grab -mode $MODE -n 3 -local -latency 5ms -images 20 -out $columns" /dev/null </dev/null >screen || echo exit $?
				grep -c panic screen || true
				ls $columns | wc -l
			done
			script -qec "unset TERM; exec grab -mode $MODE -n 3 -local -latency 5ms -images 20 -out unset" /dev/null </dev/null >screen
			grab -mode $MODE -n 3 -local -latency 30ms -images 60 -out storm >out 2>err &
			while kill -WINCH $! 2>gone; do :; done
			wait $!
			cat out err | grep -c "$(printf '\033')" || true`,
			want: "0\n21\n0\n21\n0\n21\n0\n21\n0\n"},
		{rows: "B57", script: `
			fetch() { env "$@" grab -q -mode $MODE -n 3 -local -latency 0 -images 5 -out images -force || echo "$@" exit $?; }
			fetch -u HOME
			fetch TMPDIR=/nowhere
			fetch LANG=C LC_ALL=C
			fetch SSL_CERT_FILE=/nowhere
			fetch GODEBUG=nosuchthing=1
			fetch -i PATH="$PATH"
			HTTP_PROXY=::::// grab -q -json -retries 0 -mode $MODE -n 3 -out direct http://a.test/ | grep -o '"class":"[a-z]*"'`,
			want: "\"class\":\"proxy\"\n"},
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
		{rows: "B59", namespace: "-n", needs: "ip", script: `
			ip link set lo up
			echo 40000 40009 >/proc/sys/net/ipv4/ip_local_port_range
			n=32
			[ $MODE != process ] || n=8 # each keeps its connection
			grab -q -json -http1 -mode $MODE -n $n -local -latency 20ms -images 100 -out images >results || echo exit $?
			grep -c '"status":"ok".*"attempts":1,' results
			echo 1 >/proc/sys/net/ipv6/conf/all/disable_ipv6 || true # it has none
			echo 'http://[::1]:9/' | grab -q -json -mode $MODE -retries 0 -out none - | grep '"type":"result"' | grep -o '"class":"[^"]*"'`,
			want: "100\n\"class\":\"connect\"\n"},
		{rows: "B61 B62 B64 B65 B67", script: `
			{
				printf '\357\273\277http://a.test/image/0.jpg\r\n\r\n# a comment\n  http://a.test/image/1.jpg\t\n'
				head -c 1000000 /dev/zero | tr '\0' x
				printf '\nftp://a.test/x\nfile:///etc/passwd\njavascript:1\ndata:x\n--help\n-rf /\n$(touch stolen)\n'
				printf 'http://\nhttp://a.test:99999/\nhttp://1.2.3.4.5/\nhttp://[fe80::1%%25]/\nhttp://a b/\nhttp://a.test/\377\nhttp://a.test/\0\n'
				printf 'http://a.test/image/2.jpg?a,b'
			} >list
			grab -q -json -mode $MODE -n 3 -local -latency 0 -out images list >results || echo exit $?
			sed -n 's/.*"index":\([0-9]*\),"line":\([0-9]*\),.*"status":"\([a-z]*\)","class":"\([a-z]*\)".*/\1 \2 \3 \4/p' results | sort -n
			ls`,
			want: listResults},
		{rows: "B66", script: `
			mkdir folder
			for list in folder nowhere; do
				grab -q -mode $MODE -n 3 -local -out images $list 2>err || echo exit $?
				wc -l <err
			done
			ls`,
			want: "exit 2\n1\nexit 2\n1\nerr\nfolder\n"},
	})
}

// listResults has index, line, status and class of each entry, and then the directory.
const listResults = `exit 1
0 1 ok 
1 4 ok 
2 5 failed url
3 6 failed url
4 7 failed url
5 8 failed url
6 9 failed url
7 10 failed url
8 11 failed url
9 12 failed url
10 13 failed url
11 14 failed url
12 15 failed url
13 16 failed url
14 17 failed url
15 18 failed url
16 19 failed url
17 20 ok 
images
list
results
`
