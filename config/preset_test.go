package config

import (
	"reflect"
	"slices"
	"testing"
	"time"

	"grab/downloader"
)

// Nothing in the environment or a file changes the conditions of a preset. Rounds and
// outputs are the user's choice.
func TestPreset(t *testing.T) {
	cfg, err := run(t, fields("GRAB_LATENCY=1s GRAB_JITTER=1s GRAB_FAULTS=x GRAB_OUT=there GRAB_N=9 GRAB_ROUNDS=2"), fields("compare -preset picsum")...)
	if err != nil {
		t.Fatal(err)
	}
	if !cfg.Local || cfg.Latency != 1850*time.Millisecond || cfg.Jitter != 0 || cfg.Faults != "" || !slices.Equal(cfg.N, []int{3}) ||
		cfg.Rounds != 6 || cfg.Options.Dir != "there" || len(cfg.Modes) != 3 || len(cfg.Lists) != 5 || cfg.Lists[4] != "https://picsum.photos/200/304" {
		t.Errorf("%+v", cfg)
	}
	file := writeFile(t, "latency = '1s'\njitter = '1s'\nn = 9\nsize = '2x2'\nverify = 'none'\nrounds = 2\nout = 'there'\n")
	cfg, err = run(t, nil, "compare", "-preset", "many", "-config", file)
	if err != nil || cfg.Latency != 0 || cfg.Jitter != 0 || !slices.Equal(cfg.N, []int{16}) || cfg.Size != "32x32" || cfg.Options.Verify != downloader.VerifyStructure ||
		cfg.Rounds != 6 || cfg.Options.Dir != "there" {
		t.Errorf("%+v, %v", cfg, err)
	}
	cfg, err = run(t, nil, fields("compare -preset cpu -rounds 2 -local")...)
	if err != nil || cfg.Options.Verify != downloader.VerifyDecode || cfg.Rounds != 2 || !slices.Equal(cfg.N, []int{1, 2, 4, 8}) || cfg.Images != 64 || cfg.Size != "1600x1200" {
		t.Errorf("%+v, %v", cfg, err)
	}
	for _, name := range presetNames() {
		if cfg, err := run(t, nil, "compare", "-preset", name); err != nil || cfg.Preset != name || (cfg.Images > 0) == (len(cfg.Lists) > 0) {
			t.Errorf("%s: %+v, %v", name, cfg, err)
		}
	}
}

func TestPresetMistakes(t *testing.T) {
	for words, want := range map[string]string{
		"compare -preset picsum -latency 1ms":      "-latency: is fixed by -preset picsum",
		"compare -preset many -durable":            "-durable: is fixed by -preset many",
		"compare -preset picsum -local=false":      "-local: is fixed by -preset picsum",
		"compare -preset picsum -faults a01-short": "-faults: is fixed by -preset picsum",
		"compare -preset waves -n 3":               "-n: is fixed by -preset waves",
		"compare -preset picsum urls.txt":          `-preset: has its own list, but got "urls.txt"`,
		"compare -preset picsum -sweep n=1,2":      "-sweep: contradicts -preset, whose conditions are fixed",
		"compare -preset many -sweep latency=0":    "-sweep: contradicts -preset, whose conditions are fixed",
		"compare -preset notebook":                 `-preset: "notebook" is not one of picsum, waves, cpu, many`,
		"-preset picsum":                           "-preset: is a flag of grab compare, not of grab",
	} {
		_, err := run(t, nil, fields(words)...)
		wantMistake(t, err, want)
	}
}

// A sweep gives a configuration for each value, and changes nothing else.
func TestSweep(t *testing.T) {
	cfg, err := run(t, nil, fields("compare -local -images 5 -sweep latency=0,10ms,1s")...)
	if err != nil {
		t.Fatal(err)
	}
	points, err := cfg.Points()
	if err != nil || len(points) != 3 {
		t.Fatalf("%d points, %v", len(points), err)
	}
	for i, want := range []time.Duration{0, 10 * time.Millisecond, time.Second} {
		if p := points[i]; p.Latency != want || p.Sweep.String() != "latency="+cfg.Sweep.Values[i] {
			t.Errorf("point %d: %+v", i, p)
		}
		points[i].Latency, points[i].Sweep = cfg.Latency, cfg.Sweep
		if !reflect.DeepEqual(points[i], cfg) {
			t.Errorf("point %d is %+v, want %+v", i, points[i], cfg)
		}
	}
	cfg, err = run(t, nil, fields("compare urls.txt -sweep n=1,4")...)
	if err != nil {
		t.Fatal(err)
	}
	if points, err = cfg.Points(); err != nil || len(points) != 2 || !slices.Equal(points[1].N, []int{4}) {
		t.Errorf("%+v, %v", points, err)
	}
}

func TestSweepMistakes(t *testing.T) {
	for words, want := range map[string]string{
		"compare -local x -sweep jitter=1":              `-sweep: "jitter=1" is not latency=, n= or size= and values separated by commas`,
		"compare -local x -sweep latency":               `-sweep: "" is not a time of 0 or more, such as 300ms or 1.85s`,
		"compare -local x -sweep latency=0,fast":        `-sweep: "fast" is not a time of 0 or more, such as 300ms or 1.85s`,
		"compare -local x -sweep n=1,2,1":               `-sweep: "n=1,2,1" names 1 twice`,
		"compare -local x -sweep latency=1s,1000ms":     `-sweep: "latency=1s,1000ms" names 1000ms twice`,
		"compare x -sweep latency=0":                    "-sweep: latency=0 has no meaning without -local",
		"compare -local x -sweep latency=0 -latency 1s": "-latency: contradicts -sweep latency=0",
		"compare -local x -sweep size=1x2":              "-sweep: size=1x2 has no meaning without -images",
		"compare -local -images 3 -size 9999x9999":      `-size: "9999x9999" is not a width and a height in pixels, such as 200x300, of 25 million pixels at most`,
		"compare -local -images 3 -size 200x":           `-size: "200x" is not a width and a height in pixels, such as 200x300, of 25 million pixels at most`,
		"compare -local -images 3 -size 200":            `-size: "200" is not a width and a height in pixels, such as 200x300, of 25 million pixels at most`,
		"compare -local -images 3 -size x200":           `-size: "x200" is not a width and a height in pixels, such as 200x300, of 25 million pixels at most`,
		"compare -local -images 3 -size 1x2x3":          `-size: "1x2x3" is not a width and a height in pixels, such as 200x300, of 25 million pixels at most`,
		"compare -local -images 3 -size 5001x5000":      `-size: "5001x5000" is not a width and a height in pixels, such as 200x300, of 25 million pixels at most`,
		"compare -local x -size 10x10":                  "-size: has no meaning without -images",
		"compare x -modes pool,pool":                    `-modes: "pool,pool" names pool twice`,
		"compare x -modes threads":                      `-modes: "threads" is not one of sequential, pool, process`,
		"compare x -n 1,2,1":                            `-n: "1,2,1" names 1 twice`,
		"-n 1,2 x":                                      "-n: takes one number; grab compare takes several",
	} {
		_, err := run(t, nil, fields(words)...)
		wantMistake(t, err, want)
	}
}
