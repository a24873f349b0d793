package page

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"io"
	"io/fs"
	"math/rand/v2"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"grab/downloader"
	"grab/downloader/report"
	"grab/downloader/report/internal/reporttest"
)

// sample describes an experiment to generate.
type sample struct {
	images, rounds int
	seconds        float64 // for each image
	workers        []int
	sweep          string
}

// experiment generates the runs of a sample, and compares them.
func (s sample) experiment() report.Experiment {
	random, pictures := rand.New(rand.NewPCG(1, 2)), map[int]report.Image{}
	for i := range s.images {
		data := picture(i)
		sum := sha256.Sum256(data)
		pictures[i] = report.Image{Index: i, Bytes: int64(len(data)), SHA256: hex.EncodeToString(sum[:]), File: fmt.Sprintf("image_%d.jpg", i), Width: 60, Height: 90}
	}
	contenders := []report.Contender{{Mode: downloader.Sequential, Workers: 1}}
	for _, n := range s.workers {
		contenders = append(contenders, report.Contender{Mode: downloader.Pool, Workers: n}, report.Contender{Mode: downloader.Process, Workers: n})
	}
	started := time.Date(2026, 11, 23, 4, 0, 0, 0, time.UTC)
	e := report.Experiment{Conditions: report.Conditions{
		Type: "conditions", Version: "0.1.0", Started: started, Machine: report.Machine{OS: "linux", Arch: "amd64", CPUs: 2, CPU: "Example Processor 3000", Go: "go1.26.5"},
		Images: s.images, Local: true, Latency: s.seconds, Seed: 1, Verify: "structure", Rounds: s.rounds,
		Modes: downloader.Modes(), Workers: s.workers, Sweep: s.sweep,
	}}
	for round := range s.rounds {
		for _, c := range contenders {
			e.Runs = append(e.Runs, s.run(c, round, pictures, random))
		}
	}
	e.Comparison = report.Compare(e.Conditions, e.Runs)
	return e
}

// run generates a run that gives each image to the worker that is free first.
func (s sample) run(c report.Contender, round int, pictures map[int]report.Image, random *rand.Rand) report.Run {
	r := report.Run{Type: "run", Mode: c.Mode, Workers: c.Workers, Round: round, Listed: s.images, Total: s.images, OK: s.images,
		CPUSeconds: 0.02, PeakRSSBytes: 15 << 20, ContextSwitches: 200, StartupSeconds: 0.001,
		Server: &report.ServerFigures{Requests: s.images, Connections: c.Workers, PeakInFlight: c.Workers}}
	if c.Mode == downloader.Process {
		r.CPUSeconds, r.ChildCPUSeconds, r.PeakRSSBytes = 0.06, 0.04, 15<<20*int64(1+c.Workers)
	}
	free := make([]float64, c.Workers)
	for i := range s.images {
		worker := 0
		for w, at := range free {
			if at < free[worker] {
				worker = w
			}
		}
		body := 0.002 + 0.02*random.Float64()*s.seconds
		total := s.seconds + body + 0.0005
		img := pictures[i]
		img.Worker, img.Start = worker, free[worker]
		img.Timing = downloader.Timing{Connect: 0.0003, FirstByte: s.seconds, Body: body, Commit: 0.0001, Total: total}
		r.Images = append(r.Images, img)
		r.Bytes += img.Bytes
		free[worker] += total
		r.Seconds = max(r.Seconds, free[worker])
	}
	return r
}

// picture returns image i of a sample. It is small, and 100 of them differ from each other.
func picture(i int) []byte { return pictures()[i%100] }

var pictures = sync.OnceValue(func() [][]byte {
	all := make([][]byte, 100)
	for i := range all {
		canvas := image.NewRGBA(image.Rect(0, 0, 60, 90))
		for y := range 90 {
			for x := range 60 {
				canvas.Set(x, y, color.RGBA{uint8(x*4 + i*7), uint8(y*2 + i*31), uint8(255 - x - y + i*3), 255})
			}
		}
		var b bytes.Buffer
		if err := jpeg.Encode(&b, canvas, nil); err != nil {
			panic(err)
		}
		all[i] = b.Bytes()
	}
	return all
})

// folder returns a function for Options.Folder that has the images of a sample.
func folder(images int) func(*report.Run) fs.FS {
	files := fstest.MapFS{}
	for i := range images {
		files[fmt.Sprintf("image_%d.jpg", i)] = &fstest.MapFile{Data: picture(i), Mode: 0o644}
	}
	return func(*report.Run) fs.FS { return files }
}

// fail returns the experiment as if the children of mode process had died at once in every run.
func fail(e report.Experiment, why string) report.Experiment {
	for i := range e.Runs {
		reporttest.KillWorkers(&e.Runs[i], why)
	}
	e.Comparison = report.Compare(e.Conditions, e.Runs)
	return e
}

func write(t *testing.T, opts Options, experiments ...report.Experiment) string {
	t.Helper()
	return reporttest.Written(t, func(w io.Writer) error { return Write(w, experiments, opts) })
}
