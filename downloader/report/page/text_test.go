package page

import (
	"math"
	"strings"
	"testing"
	"time"

	"grab/downloader"
	"grab/downloader/report"
)

// TestUnitsOfTime has times on both sides of each change of the unit.
func TestUnitsOfTime(t *testing.T) {
	for _, c := range []struct {
		seconds    float64
		text, tick string
	}{
		{0, "0 s", "0"}, {0.0000125, "12.5 µs", "12.5 µs"}, {0.0005, "500 µs", "500 µs"}, {0.00099, "990 µs", "990 µs"},
		{0.001, "1.00 ms", "1 ms"}, {0.25, "250 ms", "250 ms"}, {0.99, "990 ms", "990 ms"}, {1, "1.00 s", "1 s"}, {12.5, "12.5 s", "12.5 s"}, {150, "150 s", "150 s"},
	} {
		if text, tick := duration(c.seconds), tick(c.seconds); text != c.text || tick != c.tick {
			t.Errorf("%v s: %q and %q, want %q and %q", c.seconds, text, tick, c.text, c.tick)
		}
	}
	if got := duration(-0.002); got != "-2.00 ms" {
		t.Errorf("-2 ms: %q", got)
	}
}

// TestTerms lists conditions in words.
func TestTerms(t *testing.T) {
	base := report.Conditions{Images: 5, Rounds: 2, Verify: "type", Machine: report.Machine{OS: "linux", Arch: "amd64", CPUs: 2}}
	rest := "; Check of each image: type; Machine: 2 CPUs, linux/amd64"
	full := base
	full.Preset, full.Sweep, full.Local, full.Latency, full.Jitter, full.Bandwidth, full.Size, full.Seed, full.Faults, full.HTTP1, full.Durable = "p", "n=3", true, 0.05, 0.01, 1500, "8x8", -3, "a01", true, true
	full.Machine.CPU, full.Machine.Go, full.Version, full.Started = "Example", "go1.26", "v1", time.Date(2026, 1, 2, 4, 4, 5, 0, time.FixedZone("", 3600))
	plain := base
	plain.Local = true
	for _, c := range []struct {
		c    report.Conditions
		want string
	}{
		{base, "Images: 5; Rounds: 2, after a warm-up; Server: the list’s own, over the network" + rest},
		{plain, "Images: 5; Rounds: 2, after a warm-up; Server: embedded, in a process of its own; Latency: 0 s; Bandwidth: no limit; Seed: 0" + rest},
		{full, "Images: 5; Rounds: 2, after a warm-up; Preset: p; Point of the sweep: n=3; Server: embedded, in a process of its own; Latency: 50.0 ms ± 10.0 ms; " +
			"Bandwidth: 1.5 kB/s for each response; Size: 8x8; Seed: -3; Faults: a01; Protocol: HTTP/1.1 only; Files: each reaches the disk before it counts" + rest +
			"; Processor: Example; Go: go1.26; grab: v1; Started: 2026-01-02 03:04:05 UTC"},
	} {
		var got []string
		for _, term := range terms(c.c) {
			got = append(got, term.Name+": "+term.Value)
		}
		if text := strings.Join(got, "; "); text != c.want {
			t.Errorf("%s\nwant %s", text, c.want)
		}
	}
}

func TestNumbers(t *testing.T) {
	for v, want := range map[float64]string{
		0: "0", 1: "1", 10: "10", 0.5: "0.5", 1.0004: "1", 1.0005001: "1.001", -2.5: "-2.5", math.Inf(1): "0", math.NaN(): "0",
	} {
		if got := number(v); got != want {
			t.Errorf("%v: %q, want %q", v, got, want)
		}
	}
	for v, want := range map[float64]string{0: "0", 0.5: "+50 %", -0.01234: "-1.23 %", 9.994: "+999 %", 9.996: "+1000 %", 123.456: "+12346 %", -9.996: "-1000 %"} {
		if got := signed(v); got != want {
			t.Errorf("%v: %q, want %q", v, got, want)
		}
	}
	if got := percent(0.1234); got != "12.3 %" {
		t.Error(got)
	}
	for mode, want := range map[downloader.Mode]string{downloader.Sequential: "sequential", downloader.Pool: "pool", downloader.Process: "process", "x": "other", "": "other"} {
		if got := modeClass(mode); got != want {
			t.Errorf("%q: %q", mode, got)
		}
	}
}

// TestDrawing draws one of each shape.
func TestDrawing(t *testing.T) {
	for want, draw := range map[string]func(*drawing){
		`<rect class="a" x="50%" y="2" width="25%" height="3"/>`:                          func(d *drawing) { d.rect("a", point{0.5, 2}, 0.25, 3, "") },
		`<rect class="a" x="50%" y="2" width="0%" height="3"><title>&lt;t</title></rect>`: func(d *drawing) { d.rect("a", point{0.5, 2}, -1, 3, "<t") },
		`<line class="a" x1="0%" y1="1" x2="100%" y2="2"/>`:                               func(d *drawing) { d.line("a", point{0, 1}, point{1, 2}) },
		`<circle class="a" cx="10%" cy="1" r="4"/>`:                                       func(d *drawing) { d.dot("a", point{0.1, 1}, 4, "") },
		`<text class="a" x="10%" y="1">&amp;</text>`:                                      func(d *drawing) { d.text("a", point{0.1, 1}, "&") },
		``: func(d *drawing) { d.curve("a", 9, nil) },
		`<svg width="100%" height="9" viewBox="0 0 1000 9" preserveAspectRatio="none"><path class="a" d="M100 1L200.1 2.3"/></svg>`:         func(d *drawing) { d.curve("a", 9, []point{{0.1, 1}, {0.20006, 2.345}}) },
		`<svg width="100%" height="9" viewBox="0 0 1000 9" preserveAspectRatio="none"><path class="a area" d="M100 1L200 2V9H100Z"/></svg>`: func(d *drawing) { d.curve("a area", 9, []point{{0.1, 1}, {0.2, 2}}) },
	} {
		var d drawing
		if draw(&d); d.b.String() != want {
			t.Errorf("%s\nwant %s", d.b.String(), want)
		}
	}
}
