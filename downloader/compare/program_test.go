package compare

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"grab/downloader"
	"grab/downloader/report"
)

// actAsProgram fetches the URLs of a list. With the word "forgets", it leaves out the last one.
// With "complains", it ends with exit status 3. With "hangs", it does not end.
func actAsProgram(list string, words []string) int {
	file, err := os.Open(list)
	if err != nil {
		panic(err)
	}
	var urls []string
	for lines := bufio.NewScanner(file); lines.Scan(); {
		urls = append(urls, lines.Text())
	}
	if slices.Contains(words, "forgets") {
		urls = urls[:len(urls)-1]
	}
	for i, url := range urls {
		response, err := http.Get(url)
		if err != nil {
			panic(err)
		}
		body, err := io.ReadAll(response.Body)
		response.Body.Close()
		if err := errors.Join(err, os.MkdirAll("some/where", 0o777), os.WriteFile(fmt.Sprintf("some/where/%d", i), body, 0o666)); err != nil {
			panic(err)
		}
	}
	if slices.Contains(words, "hangs") {
		select {}
	}
	if slices.Contains(words, "complains") {
		fmt.Fprintln(os.Stderr, "first\nI am not well")
		return 3
	}
	return 0
}

// withProgram returns a plan in which this test binary takes part as another program.
func withProgram(t *testing.T, images int, words ...string) (Plan, func() int) {
	t.Helper()
	p, server := plan(t, images)
	command := append([]string{"/usr/bin/env", asWorker + "=program"}, workerThat(t, "")[2:]...)
	program, err := NewProgram("other", append(append(command, listPlaceholder), words...))
	if err != nil {
		t.Fatal(err)
	}
	p.Programs = []Program{program}
	p.Conditions.With = []report.Program{{Name: "other", Command: strings.Join(words, " ")}}
	p.Conditions.Modes = []downloader.Mode{downloader.Pool}
	p.Reset = func(context.Context) error { server.Reset(); return nil }
	p.Figures = func(context.Context) (report.ServerFigures, error) {
		l := server.Ledger()
		return report.ServerFigures{Requests: l.Total, Connections: l.Connections, PeakInFlight: l.PeakInFlight}, nil
	}
	return p, func() int { return server.Ledger().Total }
}

// Another program is ranked beside the modes if it has left every image, whatever the names.
func TestProgram(t *testing.T) {
	p, _ := withProgram(t, 5, "{n}")
	p.Conditions.Workers = []int{2, 3}
	for range 2 { // the second experiment finds the files of the first
		e, err := Run(t.Context(), p)
		if err != nil || !e.Comparison.Ranked || !e.Comparison.Identical {
			t.Fatalf("%v, %+v", err, e.Comparison)
		}
		var names []string
		for i := range e.Comparison.Modes {
			f := &e.Comparison.Modes[i]
			names = append(names, f.Name())
			if f.OK != 5 || f.Median <= 0 || f.CPUSeconds <= 0 || f.Connections == 0 {
				t.Errorf("%+v", f)
			}
			if f.Timed() == f.Contender().IsProgram() || runtime.GOOS == "linux" && f.PeakRSSBytes == 0 {
				t.Errorf("%s: timed %t, %d bytes", f.Name(), f.Timed(), f.PeakRSSBytes)
			}
		}
		if want := []string{"pool n=2", "pool n=3", "other n=2", "other n=3"}; !slices.Equal(names, want) {
			t.Errorf("contenders %q", names)
		}
		if files, err := filepath.Glob(filepath.Join(p.Out, "other-3", "some/where/*")); err != nil || len(files) != 5 {
			t.Errorf("%q, %v", files, err)
		}
	}
}

// A program that has not done the work is not ranked, however it ended.
func TestProgramThatLeavesImagesOut(t *testing.T) {
	for words, want := range map[string]string{
		"forgets":           "of 3 images, 1 are not among its files, e.g. line 3, http://",
		"complains":         "exit status 3; it said: I am not well",
		"forgets complains": "exit status 3; of 3 images, 1 are not",
	} {
		p, _ := withProgram(t, 3, strings.Fields(words)...)
		e, err := Run(t.Context(), p)
		if err != nil || e.Comparison.Ranked {
			t.Fatalf("%s: %v, %+v", words, err, e.Comparison)
		}
		f := e.Comparison.Find(report.Contender{Mode: "other"})
		if f == nil || !strings.Contains(f.Error, want) || f.Median != 0 {
			t.Errorf("%s: %+v", words, f)
		}
	}
}

// Only what the program left is removed for its next run.
func TestProgramBesideForeignFiles(t *testing.T) {
	p, asked := withProgram(t, 2)
	if _, err := Run(t.Context(), p); err != nil {
		t.Fatal(err)
	}
	before := asked()
	mine := filepath.Join(p.Out, "other", "some", "where", "mine.jpg")
	if err := os.WriteFile(mine, []byte("mine"), 0o666); err != nil {
		t.Fatal(err)
	}
	e, err := Run(t.Context(), p)
	if _, ok := errors.AsType[*downloader.UsageError](err); !ok || !strings.Contains(err.Error(), "some/where/mine.jpg") || len(e.Runs) > 0 || asked() != before {
		t.Errorf("%v, %d runs", err, len(e.Runs))
	}
	if data, err := os.ReadFile(mine); err != nil || string(data) != "mine" {
		t.Error(err)
	}
	if files, _ := filepath.Glob(filepath.Join(p.Out, "other", "some/where/*")); len(files) != 3 {
		t.Errorf("%q", files)
	}
}

// An interrupt ends the program, and its run does not count.
func TestProgramInterrupted(t *testing.T) {
	p, _ := withProgram(t, 1, "hangs")
	ctx, cancel := context.WithCancelCause(t.Context())
	why := errors.New("the user")
	arrived := 0
	hook := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if arrived++; arrived == 2 { // the first is of mode pool
			cancel(why)
		}
		w.Write([]byte("GIF89a\x01\x00\x01\x00\x00\x00\x00;"))
	}))
	defer hook.Close()
	p.List = read(t, hook.URL+"/a.gif\n")
	e, err := Run(ctx, p)
	if !errors.Is(err, why) || len(e.Runs) != 1 {
		t.Errorf("%v, %d runs", err, len(e.Runs))
	}
}

// A program runs elsewhere, so its files have their full paths.
func TestNewProgram(t *testing.T) {
	t.Chdir(t.TempDir())
	if err := os.WriteFile("fetch.py", nil, 0o666); err != nil {
		t.Fatal(err)
	}
	here, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	p, err := NewProgram("x", []string{"sh", "fetch.py", "{list}", "-q"})
	if err != nil || !filepath.IsAbs(p.Words[0]) || !slices.Equal(p.Words[1:], []string{filepath.Join(here, "fetch.py"), "{list}", "-q"}) {
		t.Errorf("%q, %v", p.Words, err)
	}
	if _, err := NewProgram("x", []string{"no such program", "{list}"}); err == nil {
		t.Error("no error")
	}
}

// With the embedded server, a program asks its address in place of each host.
func TestListForAProgram(t *testing.T) {
	l := read(t, "https://me:secret@a.test:99/image/1.jpg?x=1\nftp://x/\nhttp://b.test/2.jpg\n")
	if got := string(l.urls("127.0.0.1:80")); got != "https://127.0.0.1:80/image/1.jpg?x=1\nhttp://127.0.0.1:80/2.jpg\n" {
		t.Errorf("%q", got)
	}
	if got := string(l.urls("")); !strings.Contains(got, "a.test:99") || strings.Contains(got, "ftp") {
		t.Errorf("%q", got)
	}
}
