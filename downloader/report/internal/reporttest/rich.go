package reporttest

import (
	"math"
	"time"

	"grab/downloader"
	"grab/downloader/report"
)

// Rich returns a ranked experiment whose contenders have every figure, no two of them equal: each
// mode with one and with three workers, and another program. change, unless it is nil, is called
// for each run before they are compared.
func Rich(change func(*report.Run)) report.Experiment {
	e := report.Experiment{Conditions: Conditions(6)}
	c := &e.Conditions
	c.Type, c.Version, c.Images, c.Started = "conditions", "1.2.3", 5, time.Date(2026, 11, 23, 4, 5, 6, 0, time.UTC)
	c.Machine = report.Machine{OS: "linux", Arch: "amd64", CPUs: 2, CPU: "Example 3000", Go: "go1.26"}
	c.Workers, c.With = []int{1, 3}, []report.Program{{Name: "other", Command: "other -P {n}"}}
	c.Local, c.Latency, c.Verify = true, 0.2, "structure"
	for round := range c.Rounds {
		for i, who := range c.Contenders() {
			run := richRun(who, round, 1+0.013*float64(i)+0.021*float64(round*(7-round)%5))
			if change != nil {
				change(&run)
			}
			e.Runs = append(e.Runs, run)
		}
	}
	e.Comparison = report.Compare(e.Conditions, e.Runs)
	return e
}

// richRun returns a run that takes so many times the usual time.
func richRun(who report.Contender, round int, slow float64) report.Run {
	r := report.Run{
		Type: "run", Mode: who.Mode, Workers: who.Workers, Round: round, Started: time.Date(2026, 11, 23, 4, 6, round, 0, time.UTC),
		Listed: 5, Total: 5, OK: 5, StartupSeconds: 0.011 * slow, CPUSeconds: 0.31 * slow, PeakRSSBytes: int64(math.Round(9_000_000 * slow)),
		ContextSwitches: int64(math.Round(700 * slow)), OtherCPUSeconds: 0.07,
		Server: &report.ServerFigures{Requests: 6, Connections: who.Workers + 1, PeakInFlight: who.Workers, CPUSeconds: 0.017 * slow},
	}
	if who.Mode == downloader.Process {
		r.ChildCPUSeconds = 0.19 * slow
	}
	free := make([]float64, who.Workers)
	for i := range r.Total {
		k, worker := slow*(1+0.1*float64(i)), i%who.Workers
		t := downloader.Timing{Queue: 0.011 * k, DNS: 0.021 * k, Connect: 0.033 * k, TLS: 0.047 * k, FirstByte: 0.22 * k, Body: 0.35 * k, Verify: 0.0052 * k, Commit: 0.0041 * k, Total: 0.71 * k}
		img := report.Image{Index: i, SHA256: Hash(i), File: "image.jpg", Bytes: int64(1000 + i), Width: 30, Height: 20, Worker: worker, Start: free[worker] + 0.003, Timing: t}
		free[worker] = img.Start + t.Total
		r.Seconds = max(r.Seconds, free[worker]+0.02)
		r.Bytes += img.Bytes
		if who.IsProgram() { // which does not tell when it did what
			img.Worker, img.Start, img.Timing = 0, 0, downloader.Timing{}
		}
		r.Images = append(r.Images, img)
	}
	return r
}
