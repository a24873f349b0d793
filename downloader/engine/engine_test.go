package engine_test

import (
	"testing"

	. "grab/downloader"
	. "grab/downloader/engine"
)

func TestNewRefuses(t *testing.T) {
	good := options(t, modeCase{Process, 2})
	for name, change := range map[string]func(*Options, *Deps){
		"mode":       func(o *Options, _ *Deps) { o.Mode = "fork" },
		"workers":    func(o *Options, _ *Deps) { o.Workers = 0 },
		"directory":  func(o *Options, _ *Deps) { o.Dir = "" },
		"connect":    func(o *Options, _ *Deps) { o.ConnectTimeout = 0 },
		"header":     func(o *Options, _ *Deps) { o.HeaderTimeout = -1 },
		"stall":      func(o *Options, _ *Deps) { o.StallTimeout = 0 },
		"timeout":    func(o *Options, _ *Deps) { o.Timeout = -1 },
		"grace":      func(o *Options, _ *Deps) { o.Grace = -1 },
		"retries":    func(o *Options, _ *Deps) { o.Retries = -1 },
		"redirects":  func(o *Options, _ *Deps) { o.MaxRedirects = -1 },
		"back-off":   func(o *Options, _ *Deps) { o.RetryMin = o.RetryMax + 1 },
		"size":       func(o *Options, _ *Deps) { o.MaxSize = 0 },
		"verify":     func(o *Options, _ *Deps) { o.Verify = "much" },
		"authority":  func(o *Options, _ *Deps) { o.RootCAs = []byte("x") },
		"no output":  func(_ *Options, d *Deps) { d.Output = nil },
		"no command": func(_ *Options, d *Deps) { d.WorkerCommand = nil },
	} {
		opts, deps := good, Deps{Output: brokenSink{}, WorkerCommand: childCommand("worker")}
		if _, err := New(opts, deps); err != nil {
			t.Fatal(err)
		}
		change(&opts, &deps)
		if _, err := New(opts, deps); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
}
