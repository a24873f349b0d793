package config

import (
	"fmt"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/urfave/cli/v2"

	"grab/config/setting"
	"grab/config/source"
	"grab/downloader"
)

// samples holds, for each setting, three values that differ from each other
// and, but for switches, from the default.
func samples() map[string][3]string {
	return map[string][3]string{
		"mode":            {"sequential", "process", "pool"},
		"n":               {"3", "5", "65535"},
		"modes":           {"pool", "process,pool", "sequential"},
		"with":            {"wget2 -i {list}", "curl={ca} {list}", "a='b c' {list} {n}"},
		"preset":          {"picsum", "waves", "many"},
		"sweep":           {"latency=0,10ms", "n=1,2", "size=1x2"},
		"size":            {"1x1", "20x30", "1600x1200"},
		"out":             {"a", "b", "c d"},
		"rounds":          {"1", "7", "1000"},
		"addr":            {"127.0.0.1:1", ":0", "[::1]:65535"},
		"latency":         {"1ms", "2s", "1.85s"},
		"jitter":          {"1ms", "2s", "1.85s"},
		"bandwidth":       {"1KiB", "100", "1MB"},
		"seed":            {"-1", "7", "9223372036854775807"},
		"images":          {"1", "10", "100000000"},
		"faults":          {"a01-short=1%", "plan.txt", "a02-reset=1%"},
		"connect-timeout": {"1ms", "2s", "3h"},
		"header-timeout":  {"1ms", "2s", "3h"},
		"stall-timeout":   {"1ms", "2s", "3h"},
		"min-speed":       {"1", "2KiB", "3MB"},
		"timeout":         {"1ms", "2s", "3h"},
		"retries":         {"1", "2", "100"},
		"retry-min":       {"1ms", "2ms", "3ms"},
		"retry-max":       {"1m", "2m", "3m"},
		"retry-after-max": {"1m", "3m", "5m"},
		"header":          {"A: b, c", "X-One: 1", "Host: example.org"},
		"user-agent":      {"a/1", "b/2 (x)", "c"},
		"max-size":        {"1", "2KiB", "3GB"},
		"max-redirects":   {"1", "2", "100"},
		"verify":          {"none", "type", "decode"},
		"max-pixels":      {"1", "2MP", "3"},
		"decode-memory":   {"1", "2MB", "3GiB"},
		"reject":          {"url:*/removed.png", "url:*a", "url:b*"},
		"force":           {"true", "false", "true"},
		"check":           {"true", "false", "true"},
		"adopt":           {"true", "false", "true"},
		"list":            {"http://a.test/1.csv", "https://b.test/", "HTTPS://c.test/x"},
		"list-format":     {"csv", "tsv", "jsonl"},
		"url-column":      {"image", "link", "3"},
		"allow-empty":     {"true", "false", "true"},
		"dry-run":         {"true", "false", "true"},
		"part":            {"3/10", "1/2", "7/7"},
		"part-by":         {"host", "line", "host"},
		"exec":            {"a {file}", "b {file}", "c 'd e' {file}"},
		"log":             {"a.log", "b.json", "c d"},
		"name":            {"base", "{host}/{index}", "url"},
		"on-conflict":     {"fail", "number", "fail"},
		"dedupe":          {"true", "false", "true"},
		"max-images":      {"1", "10", "1000000"},
		"max-bytes":       {"1", "2KiB", "3GB"},
		"max-time":        {"1ms", "2s", "3h"},
		"max-failures":    {"20%", "0.5%", "99%"},
		"failed":          {"true", "false", "true"},
		"retry-failed":    {"dns", "stall,reset", "tls"},
		"gone-for":        {"30d", "12h", "90m"},
		"durable":         {"true", "false", "true"},
		"progress":        {"bar", "plain", "none"},
		"local":           {"true", "false", "true"},
		"http1":           {"true", "false", "true"},
		"http2":           {"true", "false", "true"},
		"insecure":        {"true", "false", "true"},
		"per-host":        {"3", "4", "5"},
		"rate":            {"2/s", "30/m", "1.5/h"},
		"delay":           {"1s", "2s", "0"},
		"limit-rate":      {"1MB", "2MB", "0"},
		"retry-status":    {"403", "404,520", "999"},
		"mtime":           {"true", "false", "true"},
		"update":          {"true", "false", "true"},
		"save-cookies":    {"a.txt", "b.txt", "c.txt"},
		"deny-private":    {"true", "false", "true"},
		"cookies":         {"testdata/cookies1.txt", "testdata/cookies2.txt", "testdata/cookies3.txt"},
		"netrc":           {"true", "false", "true"},
		"referer":         {"origin", "https://a.test/", "b"},
		"ca":              {"testdata/one.pem", "testdata/two.pem", "testdata/three.pem"},
		"cert":            {"testdata/one.pem", "testdata/two.pem", "testdata/three.pem"},
		"key":             {"testdata/one.pem", "testdata/two.pem", "testdata/three.pem"},
		"tls-min":         {"1.0", "1.1", "1.3"},
		"tls-legacy":      {"true", "false", "true"},
		"proxy":           {"http://a:3128", "socks5h://b:1080", "c"},
		"no-proxy":        {"a.test", "*", "192.0.2.0/24"},
		"dns":             {"1.1.1.1", "9.9.9.9, [2620:fe::fe]:5353", "2620:fe::fe"},
		"4":               {"true", "false", "true"},
		"6":               {"true", "false", "true"},
		"robots":          {"true", "false", "true"},
		"opt-out":         {"true", "false", "true"},
		"json":            {"true", "false", "true"},
		"quiet":           {"true", "false", "true"},
		"silent":          {"true", "false", "true"},
		"verbose":         {"true", "false", "true"},
		"csv":             {"true", "false", "true"},
		"markdown":        {"true", "false", "true"},
		"benchfmt":        {"true", "false", "true"},
		"web":             {":8080", "127.0.0.1:0", "[::1]:65535"},
		"html":            {"a.html", "b/c.html", "-"},
	}
}

// fieldsOf returns the fields of a Config by name. Those of Options stand among the
// others, as "Options.Mode".
func fieldsOf(cfg Config) (names []string, values map[string]reflect.Value) {
	values = map[string]reflect.Value{}
	for f, value := range reflect.ValueOf(cfg).Fields() {
		if f.Name != "Options" {
			names = append(names, f.Name)
			values[f.Name] = value
			continue
		}
		for option, value := range value.Fields() {
			name := "Options." + option.Name
			names = append(names, name)
			values[name] = value
		}
	}
	return names, values
}

// callers reports whether a field is set by the caller of Resolve, or from how another is
// set, and not by a setting.
func callers(field string) bool {
	return slices.Contains([]string{"Lists", "Warnings", "Options.Workers", "Options.Grace", "Options.TimeoutGrows", "Options.HostHeader", "Options.Netrc", "Options.DialTo", "Options.RootCAs"}, field)
}

// field returns the name of the Config field that one row of the table sets.
func field(t *testing.T, row int, sample string) string {
	t.Helper()
	var cfg Config
	s := settings(&cfg)[row]
	if err := s.Set([]string{sample}); err != nil {
		t.Fatalf("%s: %v", s.Name, err)
	}
	found := ""
	names, values := fieldsOf(cfg)
	for _, f := range names {
		if !values[f].IsZero() {
			if found != "" {
				t.Fatalf("%s sets both %s and %s", s.Name, found, f)
			}
			found = f
		}
	}
	return found
}

func TestTableIsWhole(t *testing.T) {
	names, fields := map[string]setting.Command{}, map[string]string{}
	for row, s := range Settings() {
		if !regexp.MustCompile(`^[a-z0-9][a-z0-9-]*$`).MatchString(s.Name) {
			t.Errorf("%q is no name for a flag, a variable and a key", s.Name)
		}
		if s.Category == "" || s.Usage == "" || s.Commands == 0 || s.Set == nil {
			t.Errorf("%s: category, usage, commands and set must be given", s.Name)
		}
		if (s.Kind == setting.Toggle) != (s.Initial == "false") {
			t.Errorf("%s: a switch, and only a switch, is false by default", s.Name)
		}
		if s.Kind != setting.Toggle && strings.Count(s.Usage, "`") != 2 {
			t.Errorf("%s: usage %q names no placeholder", s.Name, s.Usage)
		}
		for _, name := range []string{s.Name, s.Alias} {
			if name != "" && names[name]&s.Commands != 0 {
				t.Errorf("%s stands twice for %s", name, names[name]&s.Commands)
			}
			names[name] |= s.Commands
		}
		sample := samples()[s.Name][0]
		switch s.Name {
		case "config":
			sample = "x"
		case "no-config":
			sample = "true"
		}
		name := field(t, row, sample)
		if other, taken := fields[name]; taken || name == "" {
			t.Errorf("%s sets field %q, already set by %q", s.Name, name, other)
		}
		fields[name] = s.Name
	}
	all, _ := fieldsOf(Config{})
	for _, f := range all {
		if (fields[f] == "") != callers(f) {
			t.Errorf("Config.%s has the setting %q", f, fields[f])
		}
	}
}

func TestFlags(t *testing.T) {
	for _, cmd := range []setting.Command{setting.Download, setting.Compare, setting.Serve, setting.Report} {
		for i, flag := range source.Flags(Settings(), cmd) {
			if flag == source.Flags(Settings(), cmd)[i] {
				t.Fatalf("%s: flag %s is shared between calls", cmd, flag.Names()[0])
			}
			doc, ok := flag.(cli.DocGenerationFlag)
			if !ok || doc.GetUsage() == "" || len(doc.GetEnvVars()) != 0 {
				t.Errorf("%s: flag %s must have a usage and leave the environment to the table", cmd, flag.Names()[0])
			}
		}
	}
}

// What follows the options of a run in each line below are the other fields.
func TestDefaults(t *testing.T) {
	const ofRun = "images 10s 30s 30s 1024 5m0s 4 250ms 30s [] 2m0s 0 0s 0s 0 268435456 10 map[] \"\" \"\" \"\" false false false false false false structure 100000000 1073741824 {[] []} false false false [] 0s false false false [] [] [] 771 false \"\" \"\" [] false false"
	const none = "0s 0s 0s 0 0s 0 0s 0s [] 0s 0 0s 0s 0 0 0 map[] \"\" \"\" \"\" false false false false false false \"\" 0 0 {[] []} false false false [] 0s false false false [] [] [] 0 false \"\" \"\" [] false false"
	for words, want := range map[string]string{
		"":        "pool " + ofRun + " [16] [] \"\" \"\" false 500ms 0s 0 1 \"\" 0 \"\" false false \"\" number false {0 0 false} line false \"\" \"\" [] \"\" 0 0 0s 0 false false false false false \"\" false false false auto \"\" 0 [] [] \"\" \"\" \"\"",
		"compare": "\"\" " + ofRun + " [3] [] \"\" \"\" false 500ms 0s 0 1 \"\" 0 \"\" false false \"\" \"\" false {0 0 false} \"\" false \"\" \"\" [] \"\" 0 0 0s 0 false false false false false \"\" false false false auto \"\" 0 [sequential pool process] [] \"\" \"\" \"\"",
		"serve":   "\"\" \"\" " + none + " [] [] \"\" \"\" false 500ms 0s 0 1 \"\" 0 \"\" false false \"\" \"\" false {0 0 false} \"\" false \"\" \"\" [] \"\" 0 0 0s 0 false false false false false \"\" false false false \"\" \"\" 0 [] [] \"\" \"\" 127.0.0.1:0",
		"report":  "\"\" images " + none + " [] [] \"\" \"\" false 0s 0s 0 0 \"\" 0 \"\" false false \"\" \"\" false {0 0 false} \"\" false \"\" \"\" [] \"\" 0 0 0s 0 false false false false false \"\" false false false \"\" \"\" 0 [] [] \"\" \"\" \"\"",
	} {
		cfg, err := run(t, nil, strings.Fields(words)...)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		names, values := fieldsOf(cfg)
		for _, f := range names {
			if callers(f) || f == "File" || f == "NoFile" {
				continue
			}
			text := fmt.Sprint(values[f].Interface())
			if text == "" {
				text = `""`
			}
			got = append(got, text)
		}
		if strings.Join(got, " ") != want {
			t.Errorf("grab %s:\ngot  %s\nwant %s", words, strings.Join(got, " "), want)
		}
	}
}

// A run without settings and a run of a program that calls the engine are the same,
// but for what the command adds.
func TestDefaultsOfTheEngine(t *testing.T) {
	cfg, err := run(t, nil)
	if err != nil {
		t.Fatal(err)
	}
	want := downloader.Defaults()
	if !slices.Equal(cfg.N, []int{want.Workers}) {
		t.Errorf("N is %d, and the engine's default %d", cfg.N, want.Workers)
	}
	want.Workers, want.Grace, want.UserAgent = 0, 0, ""
	if !reflect.DeepEqual(cfg.Options, want) {
		t.Errorf("got  %+v\nwant %+v", cfg.Options, want)
	}
}
