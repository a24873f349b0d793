package compare

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"grab/downloader"
	"grab/downloader/report"
)

// said returns a file that holds what a program wrote to its standard error.
func said(t *testing.T, text string) *os.File {
	t.Helper()
	file, err := os.Create(filepath.Join(t.TempDir(), "stderr.txt"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = file.Close() })
	if _, err := file.WriteString(text); err != nil {
		t.Fatal(err)
	}
	return file
}

// TestLastLine quotes the last line of what a program said, and no more than its end.
func TestLastLine(t *testing.T) {
	long := strings.Repeat("x", maxComplaint)
	for text, want := range map[string]string{
		"": "", "\n \n": "", "a": "a", "a\nb\n\n": "b", "a\n b": " b", long: long, "y" + long: long, "y\n" + long[1:]: long[1:], long + "\nz": "z",
	} {
		if got := lastLine(said(t, text)); got != want {
			t.Errorf("%.20q: %.20q, want %.20q", text, got, want)
		}
	}
	closed := said(t, "a")
	_ = closed.Close()
	if got := lastLine(closed); got != "" {
		t.Errorf("a closed file: %q", got)
	}
}

// TestShortfall says why a program's run does not count, with its last words only if it does not.
func TestShortfall(t *testing.T) {
	list := read(t, "http://a.test/0\nhttp://a.test/1\nhttp://a.test/2\n")
	all := []report.Image{{Index: 0}, {Index: 1}, {Index: 2}}
	nothing := "there is nothing to compare its files with: none of grab's modes fetched every image"
	for _, c := range []struct {
		reference, images []report.Image
		ended             error
		said, want        string
	}{
		{all, all, nil, "", ""}, {all, all, nil, "a warning", ""},
		{all, all, errors.New("exit status 1"), "", "exit status 1"}, {all, all, errors.New("exit status 1"), "a\nb", "exit status 1; it said: b"},
		{nil, nil, nil, "", nothing}, {nil, nil, errors.New("x"), "y", "x; " + nothing + "; it said: y"},
		{all, all[1:], nil, "", "of 3 images, 1 are not among its files, e.g. line 1, http://a.test/0"},
		{all, all[:1], nil, "z", "of 3 images, 2 are not among its files, e.g. line 2, http://a.test/1; it said: z"},
		{all, []report.Image{{Index: 0}, {Index: 2}}, nil, "", "of 3 images, 1 are not among its files, e.g. line 2, http://a.test/1"},
	} {
		p := &Plan{List: list, reference: c.reference}
		run := &report.Run{Total: 3, Failed: 3 - len(c.images), Images: c.images}
		if got := p.shortfall(run, c.ended, said(t, c.said)); got != c.want {
			t.Errorf("%+v: %q, want %q", c, got, c.want)
		}
	}
	if got := list.without(all); got != "" {
		t.Errorf("nothing is missing, but %s", got)
	}
}

// TestCommandOfAProgram fills in the words, and trusts an authority only if there is one.
func TestCommandOfAProgram(t *testing.T) {
	program := Program{"x", []string{"/bin/x", "-n{n}", "{list}", "a{ca}b", "{other}"}}
	for authority, variables := range map[string]int{"": 0, "PEM": 3} {
		scratch := t.TempDir()
		cmd, err := program.command(t.Context(), 7, scratch, []byte("urls\n"), []byte(authority))
		if err != nil {
			t.Fatal(err)
		}
		list, ca := filepath.Join(scratch, "urls.txt"), filepath.Join(scratch, "ca.pem")
		if want := []string{"/bin/x", "-n7", list, "a" + ca + "b", "{other}"}; !slices.Equal(cmd.Args, want) {
			t.Errorf("%q, want %q", cmd.Args, want)
		}
		trusts := 0
		for _, name := range []string{"SSL_CERT_FILE", "CURL_CA_BUNDLE", "REQUESTS_CA_BUNDLE"} {
			if slices.Contains(cmd.Env, name+"="+ca) {
				trusts++
			}
		}
		data, _ := os.ReadFile(ca)
		if urls, err := os.ReadFile(list); err != nil || string(urls) != "urls\n" || string(data) != authority || trusts != variables {
			t.Errorf("%q, %v; authority %q in %d variables", urls, err, data, trusts)
		}
	}
	if _, err := program.command(t.Context(), 7, filepath.Join(t.TempDir(), "none"), nil, nil); err == nil {
		t.Error("the list is nowhere, and that is no error")
	}
	cmd, err := (&Program{"x", []string{filepath.Join(t.TempDir(), "none")}}).command(t.Context(), 1, t.TempDir(), nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	if peak, err := measured(cmd); peak != 0 || !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a program that is not there: %d bytes, %v", peak, err)
	}
}

// TestCountServer takes the server's time from that of all others, but never more than there is.
func TestCountServer(t *testing.T) {
	broken := errors.New("broken")
	canceled, cancel := context.WithCancel(t.Context())
	cancel()
	for _, c := range []struct {
		ctx     context.Context
		figures *report.ServerFigures
		err     error
		busy    time.Duration
		want    float64
		counted bool
	}{
		{t.Context(), nil, nil, 3 * time.Second, 3, false}, {t.Context(), nil, nil, -time.Second, 0, false},
		{t.Context(), &report.ServerFigures{Requests: 5, CPUSeconds: 1.5}, nil, 4 * time.Second, 2.5, true},
		{t.Context(), &report.ServerFigures{CPUSeconds: 5}, nil, 4 * time.Second, 0, true},
		{canceled, &report.ServerFigures{CPUSeconds: 1}, broken, 4 * time.Second, 4, false},
		{t.Context(), &report.ServerFigures{CPUSeconds: 1}, broken, 4 * time.Second, 0, false},
	} {
		p := &Plan{}
		if c.figures != nil {
			p.Figures = func(context.Context) (report.ServerFigures, error) { return *c.figures, c.err }
		}
		var run report.Run
		err := p.countServer(c.ctx, &run, c.busy)
		if fails := c.err != nil && c.ctx.Err() == nil; fails != errors.Is(err, broken) || run.OtherCPUSeconds != c.want || (run.Server != nil) != c.counted || c.counted && *run.Server != *c.figures {
			t.Errorf("%+v: %v s, %+v, %v", c, run.OtherCPUSeconds, run.Server, err)
		}
		p.Reset = func(context.Context) error { return c.err }
		if err := p.reset(c.ctx); (err != nil) != (c.err != nil) || err != nil && err.Error() != "reset the server: broken" {
			t.Errorf("%v", err)
		}
	}
}

// TestLeftFiles notes what a program left, and finds its images whatever their names. Links do not
// count.
func TestLeftFiles(t *testing.T) {
	out := t.TempDir()
	dir, err := openLeft(out, filepath.Join(out, "x"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = dir.close() }()
	if err := errors.Join(dir.check(), dir.note(), dir.empty()); err != nil {
		t.Fatal(err)
	}
	if _, err := dir.Lstat(noteName); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a note of nothing: %v", err)
	}
	expected := []report.Image{}
	for i, name := range []string{"a", "sub/b\n\"c", "d"} {
		data := []byte(strings.Repeat("x", i+1))
		sum := sha256.Sum256(data)
		expected = append(expected, report.Image{Index: i, Bytes: int64(i + 1), SHA256: hex.EncodeToString(sum[:]), Width: i, Height: 2 * i, File: "other", Worker: 9})
		path := filepath.Join(out, "x", name)
		if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o777), os.WriteFile(path, data, 0o666)); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Rename(filepath.Join(out, "x", "d"), filepath.Join(out, "d")); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("../d", filepath.Join(out, "x", "link")); err != nil {
		t.Skip(err)
	}
	if err := dir.check(); err == nil || !strings.Contains(err.Error(), "which is not from a program") {
		t.Errorf("files that no note has: %v", err)
	}
	found, err := dir.find(expected)
	if want := "[{0 0 1 a 0 0} {1 0 2 sub/b\n\"c 1 2}]"; err != nil || brief(found) != want {
		t.Errorf("%s, %v; want %s", brief(found), err, want)
	}
	if err := errors.Join(dir.note(), dir.check()); err != nil {
		t.Errorf("after a note: %v", err)
	}
	if err := os.WriteFile(filepath.Join(out, "x", "mine"), nil, 0o666); err != nil {
		t.Fatal(err)
	}
	if err := dir.empty(); err == nil || !strings.Contains(err.Error(), "holds mine, ") {
		t.Errorf("with a file of the user's: %v", err)
	}
	if err := errors.Join(os.Remove(filepath.Join(out, "x", "mine")), dir.empty()); err != nil {
		t.Error(err)
	}
	if entries, err := os.ReadDir(filepath.Join(out, "x")); err != nil || len(entries) != 0 {
		t.Errorf("left: %v, %v", entries, err)
	}
	if err := os.Mkdir(filepath.Join(out, "x", noteName), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := dir.check(); err == nil || !strings.Contains(err.Error(), "is not a regular file") {
		t.Errorf("a note that is a folder: %v", err)
	}
	for _, in := range []string{filepath.Join(out, "none"), filepath.Join(out, "d")} {
		if dir, err := openLeft(in, filepath.Join(in, "x")); err == nil {
			t.Errorf("%s is opened: %v", in, dir.close())
		}
	}
	if err := os.Symlink("x", filepath.Join(out, "y")); err != nil {
		t.Fatal(err)
	}
	if dir, err := openLeft(out, filepath.Join(out, "y")); err == nil {
		t.Errorf("a link is opened: %v", dir.close())
	}
}

// brief returns what find sets of images.
func brief(images []report.Image) string {
	var all []string
	for _, i := range images {
		all = append(all, fmt.Sprint("{", i.Index, " ", i.Worker, " ", i.Bytes, " ", i.File, " ", i.Width, " ", i.Height, "}"))
	}
	return "[" + strings.Join(all, " ") + "]"
}

// TestConditions keeps the settings of the embedded server only if that answers.
func TestConditions(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o666); err != nil {
		t.Fatal(err)
	}
	for _, local := range []bool{false, true} {
		given := report.Conditions{Local: local, Latency: 1, Jitter: 2, Bandwidth: 3, Seed: 4, Size: "5", Faults: "6", Verify: "7", Images: 99}
		e, err := Run(t.Context(), Plan{Conditions: given, Out: file, List: read(t, "http://a.test/\nhttp://a.test/\n")})
		if _, mistake := errors.AsType[*downloader.UsageError](err); !mistake {
			t.Errorf("a file as output directory: %v", err)
		}
		want := report.Conditions{Type: "conditions", Images: 2, Local: local, Verify: "7"}
		if local {
			want.Latency, want.Jitter, want.Bandwidth, want.Seed, want.Size, want.Faults = 1, 2, 3, 4, "5", "6"
		}
		if fmt.Sprint(e.Conditions) != fmt.Sprint(want) || len(e.Runs) != 0 || e.Comparison.Ranked {
			t.Errorf("%+v, want %+v", e.Conditions, want)
		}
	}
	for _, c := range []struct {
		who     report.Contender
		workers []int
		want    string
	}{
		{report.Contender{Mode: "pool", Workers: 3}, []int{3}, "pool"}, {report.Contender{Mode: "pool", Workers: 3}, []int{3, 4}, "pool-3"},
		{report.Contender{Mode: "sequential", Workers: 1}, []int{3, 4}, "sequential"}, {report.Contender{Mode: "other"}, []int{3, 4}, "other"}, {report.Contender{Mode: "other", Workers: 1}, []int{1, 4}, "other-1"},
	} {
		p := &Plan{Out: "out", Conditions: report.Conditions{Workers: c.workers}}
		if got := p.dir(c.who); got != filepath.Join("out", c.want) {
			t.Errorf("%+v: %s", c, got)
		}
	}
}

// TestRecorder describes a run by its results, in the order of the list.
func TestRecorder(t *testing.T) {
	began := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	r := recorder{}
	for i, index := range []int{2, 0} {
		r.Observe(downloader.Result{
			Item: downloader.Item{Index: index}, Status: downloader.StatusOK, Worker: i + 3, Bytes: int64(10 + index), SHA256: "x", File: "f", Width: 5, Height: 6,
			Started: began.Add(time.Duration(2*i-1) * time.Second), Timing: downloader.Timing{Total: float64(index)},
		})
	}
	for _, class := range []downloader.Class{downloader.ClassDNS, downloader.ClassIO} {
		r.Observe(downloader.Result{Item: downloader.Item{Line: 7, URL: "http://a.test/"}, Status: downloader.StatusFailed, Class: class, Error: "no"})
	}
	run := report.Run{Mode: "pool", Workers: 3, Round: 4}
	r.describe(&run, &downloader.Summary{
		Listed: 9, Total: 8, OK: 2, Skipped: 1, Failed: 4, Canceled: 1, Bytes: 22, Started: began, Startup: 250 * time.Millisecond, Elapsed: 1500 * time.Millisecond,
		Usage: downloader.Usage{CPU: 2 * time.Second, PeakRSS: 77, Switches: 88}, Children: downloader.Usage{CPU: time.Second, PeakRSS: 66, Switches: 55},
	})
	want := report.Run{
		Mode: "pool", Workers: 3, Round: 4, Started: began, Listed: 9, Total: 8, OK: 2, Failed: 6, Bytes: 22, Seconds: 1.5, StartupSeconds: 0.25,
		CPUSeconds: 2, ChildCPUSeconds: 1, PeakRSSBytes: 77, ContextSwitches: 88, Error: "line 7, http://a.test/: dns: no",
		Images: []report.Image{
			{Index: 0, Worker: 4, Start: 1, Bytes: 10, SHA256: "x", File: "f", Width: 5, Height: 6},
			{Index: 2, Worker: 3, Start: 0, Timing: downloader.Timing{Total: 2}, Bytes: 12, SHA256: "x", File: "f", Width: 5, Height: 6},
		},
	}
	if !reflect.DeepEqual(run, want) {
		t.Errorf("%+v, want\n%+v", run, want)
	}
}

// TestStoreErrors returns what cannot be written or read.
func TestStoreErrors(t *testing.T) {
	s, err := newStore()
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(s.add(&report.Run{Round: 1}), s.file.Truncate(3)); err != nil {
		t.Fatal(err)
	}
	if all, err := s.runs(); err == nil || len(all) != 0 {
		t.Errorf("half a run: %+v, %v", all, err)
	}
	if err := s.close(); err != nil {
		t.Error(err)
	}
	if all, err := s.runs(); err == nil || len(all) != 0 {
		t.Errorf("a closed store: %+v, %v", all, err)
	}
	if err := s.add(&report.Run{}); err == nil || s.count != 1 {
		t.Errorf("%d runs, %v", s.count, err)
	}
	if err := s.close(); err == nil {
		t.Error("it is closed twice")
	}
}
