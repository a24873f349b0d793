// Package reporttest has experiments for the tests of reports.
package reporttest

import (
	"bytes"
	"fmt"
	"io"
	"testing"
	"time"

	"grab/downloader"
	"grab/downloader/report"
)

// Hash is the hash that every run has for an image.
func Hash(index int) string { return fmt.Sprintf("hash %d", index) }

// Run returns a run that fetched five images. It has three workers, unless it is sequential.
func Run(mode downloader.Mode, round int, elapsed time.Duration) report.Run {
	run := report.Run{
		Type: "run", Mode: mode, Workers: 3, Round: round, Total: 5, OK: 5, Bytes: 5000, Seconds: elapsed.Seconds(), StartupSeconds: 0.02,
		CPUSeconds: 0.05, PeakRSSBytes: 8 << 20,
	}
	if mode == downloader.Sequential {
		run.Workers = 1
	}
	for i := range 5 {
		run.Images = append(run.Images, report.Image{Index: i, SHA256: Hash(i), Timing: downloader.Timing{Total: 1.85}})
	}
	return run
}

// Conditions are those of an experiment with all modes and three workers.
func Conditions(rounds int) report.Conditions {
	return report.Conditions{Rounds: rounds, Modes: downloader.Modes(), Workers: []int{3}, Machine: report.Machine{CPUs: 2}}
}

// Runs returns two rounds of every mode: the experiment that the README describes.
func Runs() []report.Run {
	var runs []report.Run
	for round := range 2 {
		runs = append(runs,
			Run(downloader.Sequential, round, 9250*time.Millisecond),
			Run(downloader.Pool, round, 3700*time.Millisecond),
			Run(downloader.Process, round, 3700*time.Millisecond))
	}
	return runs
}

// Experiment returns the experiment of Runs as a saved file has it: with a warm-up, and with the
// worker and the start of each image. It calls spoil, unless that is nil, for each run.
func Experiment(spoil func(*report.Run)) report.Experiment {
	warmup := Run(downloader.Pool, 0, 8*time.Second)
	warmup.Warmup = true
	e := report.Experiment{Conditions: Conditions(2), Runs: append([]report.Run{warmup}, Runs()...)}
	e.Conditions.Type = "conditions"
	e.Conditions.Machine = report.Machine{OS: "linux", Arch: "amd64", CPUs: 2, CPU: "Example 3000", Go: "go1.26"}
	for i := range e.Runs {
		r := &e.Runs[i]
		for j := range r.Images {
			r.Images[j].Worker, r.Images[j].Start = j%r.Workers, 1.85*float64(j/r.Workers)
		}
		if spoil != nil {
			spoil(r)
		}
	}
	e.Comparison = report.Compare(e.Conditions, e.Runs)
	return e
}

// WorkersDied is the error of a run that KillWorkers changed for Experiment. It has two lines, the
// second of which begins like a spreadsheet's formula.
const WorkersDied = "start the workers:\n=1 | exit status 1"

// Broken returns the experiment in which the children of mode process died.
func Broken() report.Experiment {
	return Experiment(func(r *report.Run) { KillWorkers(r, WorkersDied) })
}

// KillWorkers turns a run of mode process into one whose children died at once. It leaves other
// runs alone.
func KillWorkers(r *report.Run, why string) {
	if r.Mode == downloader.Process {
		r.OK, r.Failed, r.Images, r.Bytes, r.Seconds, r.Error = 0, r.Total, nil, 0, 0.45, why
	}
}

// Summary returns the summary of a download in which images failed.
func Summary() downloader.Summary {
	return downloader.Summary{
		Mode: downloader.Pool, Workers: 16, Total: 10, OK: 4, Skipped: 1, Failed: 4, Canceled: 1, Bytes: 61_684,
		Classes: map[downloader.Class]int{downloader.ClassHTTP4xx: 1, downloader.ClassDNS: 1, downloader.ClassStall: 2},
		Elapsed: 2 * time.Second, Startup: time.Second,
		Usage: downloader.Usage{CPU: 1500 * time.Millisecond, PeakRSS: 3 << 19},
	}
}

// Written returns what write writes.
func Written(t testing.TB, write func(io.Writer) error) string {
	t.Helper()
	var b bytes.Buffer
	if err := write(&b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}
