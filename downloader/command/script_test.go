package command

import (
	"bufio"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"flag"
	"image/jpeg"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

func TestScripts(t *testing.T) { runScripts(t, "testdata/script") }

// TestRecipes runs what README recommends for jobs that people really have.
func TestRecipes(t *testing.T) { runScripts(t, "testdata/script/recipes") }

func runScripts(t *testing.T, dir string) {
	served := &background{} // only one script uses it
	shown := &watched{}     // and this one
	testscript.Run(t, testscript.Params{
		Dir: dir, RequireExplicitExec: true, RequireUniqueNames: true,
		UpdateScripts: flag.Lookup("update").Value.String() == "true",
		Setup: func(env *testscript.Env) error {
			env.Setenv("GORACE", os.Getenv("GORACE"))
			list, err := os.ReadFile("../../urls.txt") // the experiment's own list
			if err != nil {
				return err
			}
			return os.WriteFile(filepath.Join(env.WorkDir, "urls.txt"), list, 0o666)
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"exits": exits, "images": images, "manifest": manifestCounts, "same": same, "holds": holds,
			"lines": lines, "records": records, "serve": served.serve, "stopserve": served.stop, "login": login,
			"livepage": shown.start, "pageshows": shown.shows, "endlist": shown.end,
		},
	})
}

// exits CODE PROGRAM ARG... runs a program, which must exit with CODE.
func exits(ts *testscript.TestScript, neg bool, args []string) {
	want := number(ts, args[0])
	code := 0
	err := ts.Exec(args[1], args[2:]...)
	if exit, ok := errors.AsType[*exec.ExitError](err); ok {
		code = exit.ExitCode()
	} else {
		ts.Check(err)
	}
	if neg || code != want {
		ts.Fatalf("exit code %d, want %d", code, want)
	}
}

// images DIR INDEX... passes if DIR has exactly these images, each a whole JPEG, 200
// pixels wide and as high as its URL in urls.txt says.
func images(ts *testscript.TestScript, neg bool, args []string) {
	var want []string
	for _, index := range args[1:] {
		want = append(want, "image_"+index+".jpg")
	}
	var got []string
	for _, name := range entries(ts, args[0]) {
		if strings.HasPrefix(name, "image_") {
			got = append(got, name)
		}
	}
	if neg || !slices.Equal(got, want) {
		ts.Fatalf("images %q, want %q", got, want)
	}
	for i, name := range want {
		shown, err := jpeg.Decode(strings.NewReader(ts.ReadFile(filepath.Join(args[0], name))))
		ts.Check(err)
		size, height := shown.Bounds().Size(), 300+number(ts, args[1+i])
		if size.X != 200 || size.Y != height {
			ts.Fatalf("%s is %v, want 200 x %d", name, size, height)
		}
	}
}

// manifestCounts: manifest DIR STATUS=COUNT... passes if the last lines of all indexes
// have these statuses and no others, and every line with status ok describes its file.
func manifestCounts(ts *testscript.TestScript, neg bool, args []string) {
	last := map[float64]map[string]any{}
	for line := range strings.Lines(ts.ReadFile(filepath.Join(args[0], "manifest.jsonl"))) {
		record := map[string]any{}
		ts.Check(json.Unmarshal([]byte(line), &record))
		last[record["index"].(float64)] = record
	}
	got := map[string]int{}
	for _, record := range last {
		got[record["status"].(string)]++
		if record["status"] != "ok" {
			continue
		}
		data := ts.ReadFile(filepath.Join(args[0], record["file"].(string)))
		sum := sha256.Sum256([]byte(data))
		if hex.EncodeToString(sum[:]) != record["sha256"] || float64(len(data)) != record["bytes"] {
			ts.Fatalf("%v is not what the manifest says", record["file"])
		}
	}
	want := map[string]int{}
	for _, arg := range args[1:] {
		status, count, _ := strings.Cut(arg, "=")
		want[status] = number(ts, count)
	}
	if neg || !maps.Equal(got, want) {
		ts.Fatalf("manifest: %v, want %v", got, want)
	}
}

// same DIR DIR passes if the images in both have the same names and bytes.
func same(ts *testscript.TestScript, neg bool, args []string) {
	equal := slices.Equal(entries(ts, args[0]), entries(ts, args[1]))
	for _, name := range entries(ts, args[0]) {
		if equal && name != "manifest.jsonl" {
			equal = ts.ReadFile(filepath.Join(args[0], name)) == ts.ReadFile(filepath.Join(args[1], name))
		}
	}
	if equal == neg {
		ts.Fatalf("same: %v", equal)
	}
}

// holds DIR NAME... passes if DIR has exactly these entries, including hidden ones.
func holds(ts *testscript.TestScript, neg bool, args []string) {
	if got := entries(ts, args[0]); neg || !slices.Equal(got, slices.Sorted(slices.Values(args[1:]))) {
		ts.Fatalf("%s holds %q", args[0], got)
	}
}

// lines FILE COUNT passes if FILE has COUNT lines.
func lines(ts *testscript.TestScript, neg bool, args []string) {
	if got := strings.Count(ts.ReadFile(args[0]), "\n"); neg || got != number(ts, args[1]) {
		ts.Fatalf("%s has %d lines, want %s", args[0], got, args[1])
	}
}

// records FILE TYPE COUNT FIELD[=JSON]... passes if every line of FILE is a JSON object
// and COUNT of them have that type. Each of these must have the fields, with the given
// values.
func records(ts *testscript.TestScript, neg bool, args []string) {
	count := 0
	for line := range strings.Lines(ts.ReadFile(args[0])) {
		record := map[string]json.RawMessage{}
		ts.Check(json.Unmarshal([]byte(line), &record))
		if string(record["type"]) != strconv.Quote(args[1]) {
			continue
		}
		count++
		for _, field := range args[3:] {
			name, want, valued := strings.Cut(field, "=")
			got, ok := record[name]
			if !ok || (valued && string(got) != want) {
				ts.Fatalf("field %s is %s, want %s, in %s", name, got, want, line)
			}
		}
	}
	if neg || count != number(ts, args[2]) {
		ts.Fatalf("%d lines of type %s, want %s", count, args[1], args[2])
	}
}

// background is the grab serve that a script runs.
type background struct{ cmd *exec.Cmd }

// serve ARG... runs grab serve, and sets ADDR when it is ready.
func (b *background) serve(ts *testscript.TestScript, _ bool, args []string) {
	b.cmd = exec.Command("grab", append([]string{"serve"}, args...)...)
	out, err := b.cmd.StdoutPipe()
	ts.Check(err)
	ts.Check(b.cmd.Start())
	ts.Defer(func() { _ = b.cmd.Process.Kill() })
	first, err := bufio.NewReader(out).ReadString('\n')
	ts.Check(err)
	_, addr, _ := strings.Cut(first, "http://")
	addr, _, _ = strings.Cut(addr, "/")
	ts.Setenv("ADDR", addr)
}

// stop: stopserve SIGNAL CODE stops grab serve, and passes if it exits with CODE.
func (b *background) stop(ts *testscript.TestScript, _ bool, args []string) {
	ts.Check(b.cmd.Process.Signal(map[string]os.Signal{"SIGINT": syscall.SIGINT, "SIGTERM": syscall.SIGTERM}[args[0]]))
	bound := time.AfterFunc(hang, func() { _ = b.cmd.Process.Kill() })
	defer bound.Stop()
	_ = b.cmd.Wait()
	if code := b.cmd.ProcessState.ExitCode(); code != number(ts, args[1]) {
		ts.Fatalf("grab serve exits %d after %s, want %s", code, args[0], args[1])
	}
}

func entries(ts *testscript.TestScript, dir string) []string {
	all, err := os.ReadDir(ts.MkAbs(dir))
	ts.Check(err)
	var names []string
	for _, entry := range all {
		names = append(names, entry.Name())
	}
	return names
}

func number(ts *testscript.TestScript, text string) int {
	n, err := strconv.Atoi(text)
	ts.Check(err)
	return n
}
