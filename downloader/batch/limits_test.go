package batch

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"grab/downloader"
)

// TestLimits reaches each limit, and none before.
func TestLimits(t *testing.T) {
	ok := downloader.Result{Status: downloader.StatusOK}
	bad := downloader.Result{Status: downloader.StatusFailed}
	known := downloader.Result{Status: downloader.StatusFailed, Since: time.Now()}
	many := func(n int, r downloader.Result) []downloader.Result { return slices.Repeat([]downloader.Result{r}, n) }
	for _, c := range []struct {
		limits   Limits
		received int64
		results  []downloader.Result
		want     string // empty: no limit
	}{
		{Limits{}, 9, many(999, bad), ""},
		{Limits{Images: 3}, 0, slices.Concat(many(2, ok), many(9, bad)), ""},
		{Limits{Images: 3}, 0, slices.Concat(many(2, ok), many(9, downloader.Result{Status: downloader.StatusSkipped})), ""},
		{Limits{Images: 3}, 0, many(3, ok), "reached -max-images 3"},
		{Limits{Images: 1}, 0, many(1, ok), "reached -max-images 1"},
		{Limits{Bytes: 1000}, 999, many(3, ok), ""},
		{Limits{Bytes: 1000}, 1000, many(1, bad), "reached -max-bytes: 1.0 kB received"},
		{Limits{Bytes: 1}, 1, many(1, ok), "reached -max-bytes: 1 B received"},
		{Limits{Images: 1, Bytes: 1}, 1, many(1, ok), "reached -max-images 1"},
		{Limits{Failures: 5}, 0, many(99, bad), ""},
		{Limits{Failures: 5}, 0, many(100, bad), "reached -max-failures: 100 of the last 100 images failed"},
		{Limits{Failures: 5}, 0, many(999, known), ""},
		{Limits{Failures: 5}, 0, slices.Concat(many(95, ok), many(5, bad)), ""},
		{Limits{Failures: 5}, 0, slices.Concat(many(94, ok), many(6, bad)), "reached -max-failures: 6 of the last 100 images failed"},
		{Limits{Failures: 0.5}, 0, slices.Concat(many(199, ok), many(1, bad)), ""},
		{Limits{Failures: 0.5}, 0, slices.Concat(many(198, ok), many(1, bad)), "reached -max-failures: 1 of the last 199 images failed"},
		{Limits{Failures: 100}, 0, many(2000, bad), ""},
	} {
		var received atomic.Int64
		received.Store(c.received)
		stopped := ""
		b, done := NewBudget(c.limits, &received, func(cause error) {
			if _, ours := errors.AsType[*Reached](cause); ours && stopped == "" {
				stopped = cause.Error()
			}
		})
		for _, r := range c.results {
			b.Observe(r)
		}
		if done(); stopped != c.want || c.limits.Any() != (c.limits != Limits{}) {
			t.Errorf("%+v, %d results: %q, want %q", c.limits, len(c.results), stopped, c.want)
		}
	}
	synctest.Test(t, func(t *testing.T) {
		for _, early := range []bool{false, true} {
			stopped := make(chan string, 1)
			_, done := NewBudget(Limits{Time: time.Minute}, nil, func(cause error) { stopped <- cause.Error() })
			time.Sleep(time.Minute - 1)
			if early {
				done()
			}
			if len(stopped) != 0 {
				t.Errorf("before its time: %s", <-stopped)
			}
			time.Sleep(2 * time.Nanosecond)
			synctest.Wait()
			if early != (len(stopped) == 0) {
				t.Errorf("ended before %v, and stopped %d times", early, len(stopped))
			} else if !early {
				if got := <-stopped; got != "reached -max-time 1m0s" {
					t.Error(got)
				}
			}
			done()
		}
	})
}

// TestStableHash has the values that the parts of all versions of grab are made of.
func TestStableHash(t *testing.T) {
	for host, want := range map[string]uint64{"": 0xcbf29ce484222325, "a": 0xaf63dc4c8601ec8c, "foobar": 0x85944171f73967e8} {
		if got := stableHash(host); got != want {
			t.Errorf("%q: %x, want %x", host, got, want)
		}
	}
	var got []int
	for i := range 8 {
		item := downloader.Item{Index: 99, URL: fmt.Sprintf("http://host%d.test:80%d/x", i, i)}
		for number := range 3 {
			if p := (&Part{Number: number + 1, Of: 3, ByHost: true}); p.has(item, false) {
				got = append(got, number+1)
			}
		}
	}
	if want := []int{1, 1, 1, 2, 2, 3, 2, 2}; !slices.Equal(got, want) {
		t.Errorf("the hosts are in parts %v, want %v", got, want)
	}
}

// TestRowFile keeps rows in memory and in its file, on both sides of each limit.
func TestRowFile(t *testing.T) {
	var f rowFile
	defer func() { f.close() }()
	if f.get(0) != nil || f.err != nil {
		t.Error("a row of nothing")
	}
	f.put(1, make([]byte, maxPending-rowHeader))
	if f.written != 0 || len(f.pending) != maxPending {
		t.Errorf("%d bytes are written, %d pending", f.written, len(f.pending))
	}
	f.put(3, []byte("3"))
	if f.written != maxPending+rowHeader+1 || len(f.pending) != 0 {
		t.Errorf("%d bytes are written, %d pending", f.written, len(f.pending))
	}
	for i := 2; i < 2*markEvery; i++ {
		f.put(2*i, fmt.Append(nil, 2*i))
	}
	if len(f.marks) != 2 || f.rows != 2*markEvery {
		t.Errorf("%d marks of %d rows", len(f.marks), f.rows)
	}
	for index, want := range map[int]string{0: "", 2: "", 3: "3", 4: "4", 5: "", 126: "126", 128: "128", 130: "130", 254: "254", 255: "", 256: ""} {
		if got := f.get(index); string(got) != want || f.err != nil {
			t.Errorf("row %d: %q, %v", index, got, f.err)
		}
	}
	if row := f.get(1); len(row) != maxPending-rowHeader {
		t.Errorf("the longest row has %d bytes", len(row))
	}
	if err := f.file.Close(); err != nil {
		t.Fatal(err)
	}
	if row := f.get(4); row != nil || !errors.Is(f.err, os.ErrClosed) {
		t.Errorf("%q, %v", row, f.err)
	}
	f.err = nil
	f.put(300, nil)
	if f.flush(); !errors.Is(f.err, os.ErrClosed) {
		t.Errorf("what cannot be written: %v", f.err)
	}
	rows := f.rows
	if f.put(301, nil); f.rows != rows {
		t.Error("a row is kept after an error")
	}
}

// TestShells tells which programs read words as commands, and which names they take as they are.
func TestShells(t *testing.T) {
	for program, want := range map[string]bool{
		"sh": true, "/bin/bash": true, "BASH.EXE": true, "pwsh": true, "cmd.exe": true, "convert": false, "sh.py": false, "bash/convert": false, "": false,
	} {
		if got := isShell(program); got != want {
			t.Errorf("%q: %v", program, got)
		}
	}
	for name, want := range map[string]bool{
		"image_0.jpg": true, "a/B-9._": true, "é٣": true, "a b": false, "a;b": false, "$x": false, "`": false, "a\n": false, "~": false, "": true,
	} {
		if got := isPlainName(name); got != want {
			t.Errorf("%q: %v", name, got)
		}
	}
}

// TestWordsOfShells refuses a name only as a part of a shell's word. The program need not be there.
func TestWordsOfShells(t *testing.T) {
	for _, c := range []struct {
		words   []string
		file    string
		refused bool
	}{
		{[]string{"sh", "echo {file}"}, "a b", true}, {[]string{"sh", "echo {file}"}, "ab", false}, {[]string{"sh", "{file}"}, "a b", false}, {[]string{"sh", "echo"}, "a b", false},
		{[]string{"none", "echo {file}"}, "a b", false},
	} {
		words := slices.Clone(c.words)
		words[0] = filepath.Join(t.TempDir(), words[0]) // is not there
		commands := &Commands{words: words, dir: "out"}
		if err := commands.run(t.Context(), c.file); err == nil || strings.Contains(err.Error(), "a shell would read") != c.refused {
			t.Errorf("%q, %q: %v", c.words, c.file, err)
		}
	}
}

// TestLogsFirstError keeps the error of the first record that is not written.
func TestLogsFirstError(t *testing.T) {
	name := filepath.Join(t.TempDir(), "log.NDJSON")
	l, err := OpenLog(name)
	if err != nil {
		t.Fatal(err)
	}
	first := errors.New("first")
	l.err = first
	l.Observe(downloader.Result{Status: downloader.StatusFailed})
	if err := l.Close(); !errors.Is(err, first) {
		t.Errorf("%v", err)
	}
	if data, err := os.ReadFile(name); err != nil || !strings.HasPrefix(string(data), "{") {
		t.Errorf("%q, %v", data, err)
	}
	if _, err := OpenLog(t.TempDir()); err == nil {
		t.Error("a directory is a log")
	}
}

// TestForecastErrors says what cannot be read, and that nothing is there yet.
func TestForecastErrors(t *testing.T) {
	broken := errors.New("broken")
	src := func(yield func(downloader.Item, error) bool) {
		_ = yield(downloader.Item{URL: "http://a/"}, nil) && yield(downloader.Item{}, broken)
	}
	o := &downloader.Options{Dir: filepath.Join(t.TempDir(), "none")}
	f, err := NewForecast(t.Context(), o, src)
	if _, ours := errors.AsType[*downloader.UsageError](err); !ours || !errors.Is(err, broken) || f != nil {
		t.Errorf("a list that breaks: %+v, %v", f, err)
	}
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o666); err != nil {
		t.Fatal(err)
	}
	if f, err := NewForecast(t.Context(), &downloader.Options{Dir: file}, src); err == nil || f != nil || runtime.GOOS != "windows" && !strings.Contains(err.Error(), "not a directory") {
		t.Errorf("a file as output directory: %+v, %v", f, err)
	}
}

// TestAlikeLimits counts hashes that differ late, ignores what is no hash, and shows the three kinds
// with the most images of those that have ten.
func TestAlikeLimits(t *testing.T) {
	a := NewAlike()
	n := 0
	see := func(times int, hash string) {
		for range times {
			n++
			a.Observe(downloader.Result{Item: downloader.Item{URL: fmt.Sprint("http://a.test/", n)}, Status: downloader.StatusOK, SHA256: hash, File: fmt.Sprint(n)})
		}
	}
	see(20, "")
	see(20, "00000000000000a")
	see(20, "00000000000000ag")
	see(9, "00000000000000b1")
	see(9, "00000000000000b2")
	if got := a.Most(); len(got) != 0 {
		t.Errorf("nine of a kind: %+v", got)
	}
	see(1, "00000000000000b2")
	see(12, "00000000000000c2")
	see(12, "00000000000000c1")
	see(11, "00000000000000d1")
	see(10, "00000000000000d2")
	want := []downloader.Alike{{Images: 12, SHA256: "00000000000000c1", File: "93"}, {Images: 12, SHA256: "00000000000000c2", File: "81"}, {Images: 11, SHA256: "00000000000000d1", File: "105"}}
	if got := a.Most(); !slices.Equal(got, want) {
		t.Errorf("%+v, want %+v", got, want)
	}
}
