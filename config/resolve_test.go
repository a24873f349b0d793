package config

import (
	"fmt"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"reflect"
	"runtime"
	"slices"
	"strings"
	"testing"

	"grab/config/setting"
	"grab/config/source"

	"github.com/urfave/cli/v2"
)

// TestPrecedence gives every setting of every command from every set of
// sources; the highest source must decide.
func TestPrecedence(t *testing.T) {
	for _, cmd := range []setting.Command{setting.Download, setting.Compare, setting.Serve, setting.Report} {
		for present := range 8 {
			for _, order := range [][3]int{{0, 1, 2}, {1, 0, 1}} { // twice, for switches have but two values
				testPrecedence(t, cmd, present, order)
			}
		}
	}
}

// testPrecedence lets the file speak if present has bit 1, the environment for
// bit 2, flags for bit 4. Order says which samples flags, environment and file hold.
func testPrecedence(t *testing.T, cmd setting.Command, present int, order [3]int) {
	var want Config
	var words, environ, lines []string
	for _, s := range settings(&want) {
		if !s.Of(cmd) || s.Name == "config" || s.Name == "no-config" {
			continue
		}
		all, ok := samples()[s.Name]
		if !ok {
			t.Fatalf("no samples for %s", s.Name)
		}
		decides := s.Initial
		if present&1 != 0 {
			decides = all[order[2]]
			lines = append(lines, fmt.Sprintf("%s = %q\n", s.Name, decides))
		}
		if present&2 != 0 {
			decides = all[order[1]]
			environ = append(environ, s.Env()+"="+decides)
		}
		if present&4 != 0 {
			decides = all[order[0]]
			words = append(words, "-"+s.Name+"="+decides)
		}
		if decides == "" {
			continue
		}
		if err := s.Set([]string{decides}); err != nil {
			t.Fatalf("%s: %v", s.Name, err)
		}
	}
	if present&1 != 0 {
		want.File = writeFile(t, strings.Join(lines, ""))
		words = append(words, "-config", want.File)
	}
	if got := merged(t, cmd, environ, words); !reflect.DeepEqual(got, want) {
		t.Errorf("%s, sources %b:\ngot  %+v\nwant %+v", cmd, present, got, want)
	}
}

// merged returns the settings before they are checked against each other.
func merged(t *testing.T, cmd setting.Command, environ, words []string) Config {
	t.Helper()
	var cfg Config
	app := newApp(func(c *cli.Context, cmd setting.Command) error {
		table := Settings()
		flags, err := source.FromFlags(c, cmd, table)
		if err != nil {
			return err
		}
		env, _ := source.FromEnvironment(environ, table)
		file, _, err := source.FromFile(flags, env, "", table)
		if err != nil {
			return err
		}
		cfg, _, err = merge(cmd, file, env, flags)
		return err
	})
	if err := app.Run(append(strings.Fields(cmd.String()), words...)); err != nil {
		t.Fatal(err)
	}
	return cfg
}

// TestHeadersForHosts checks which words of -H name a host.
func TestHeadersForHosts(t *testing.T) {
	words := []string{"-H", "X-A: one: two", "-H", "a.test: X-B: b: c", "-H", "A.test: X-C: c", "-H", "localhost:8080: X-D: d",
		"-H", "127.0.0.1: X-E: e", "-H", "[::1]:80: X-F: f", "-H", "Referer: https://a.test: 80", "-H", "X.Y: no header"}
	want := map[string]http.Header{"a.test": {"X-B": {"b: c"}, "X-C": {"c"}}, "localhost:8080": {"X-D": {"d"}},
		"127.0.0.1": {"X-E": {"e"}}, "::1:80": {"X-F": {"f"}}}
	everywhere := http.Header{"X-A": {"one: two"}, "Referer": {"https://a.test: 80"}, "X.y": {"no header"}}
	file := writeFile(t, "[header]\nReferer = 'https://a.test: 80'\nX-A = 'one: two'\n'X.Y' = 'no header'\n[header.'a.test']\nX-B = 'b: c'\nX-C = ['c']\n"+
		"[header.'localhost:8080']\nX-D = 'd'\n[header.'127.0.0.1']\nX-E = 'e'\n[header.'[::1]:80']\nX-F = 'f'\n")
	for _, words := range [][]string{words, {"-config", file}} {
		cfg, err := run(t, nil, words...)
		if err != nil || !reflect.DeepEqual(cfg.Options.HostHeader, want) || !reflect.DeepEqual(cfg.Options.Header, everywhere) {
			t.Errorf("%q: %v, %v, %v", words, cfg.Options.HostHeader, cfg.Options.Header, err)
		}
	}
}

func TestN(t *testing.T) {
	for _, test := range []struct {
		words []string
		want  int
	}{
		{nil, 16},
		{[]string{"-mode", "pool"}, 16},
		{[]string{"-mode", "process"}, runtime.NumCPU()},
		{[]string{"-mode", "process", "-n", "2"}, 2},
		{[]string{"-m", "sequential", "-n", "5"}, 1},
		{[]string{"compare"}, 3},
		{[]string{"compare", "-n", "8"}, 8},
		{[]string{"-n", "8", "compare"}, 8},
		{[]string{"-n", "8", "compare", "-n", "9"}, 9},
		{[]string{"-mode", "sequential"}, 1},
	} {
		cfg, err := run(t, nil, test.words...)
		if err != nil || !slices.Equal(cfg.N, []int{test.want}) {
			t.Errorf("%q: N is %d (%v), want %d", test.words, cfg.N, err, test.want)
		}
	}
}

// TestLineage goes to the library without args.Reorder, which moves flags to the
// subcommand before it can see them.
func TestLineage(t *testing.T) {
	var got Config
	for words, want := range map[string]int{
		"-n 4 compare":        4,
		"-n 4 compare -n 5":   5,
		"compare -n 5":        5,
		"-local -n 4 compare": 4,
	} {
		app := newApp(captureInto(&got))
		if err := app.Run(append([]string{"grab"}, fields(words)...)); err != nil || !slices.Equal(got.N, []int{want}) {
			t.Errorf("%s: N is %d (%v), want %d", words, got.N, err, want)
		}
	}
	err := newApp(captureInto(&got)).Run([]string{"grab", "-retries", "4", "serve"})
	wantMistake(t, err, "-retries: is a flag of grab and grab compare, not of grab serve")
}

func TestSources(t *testing.T) {
	path := writeFile(t, "retry-min = '2ms'\nn = 7\njson = true\nheader = ['A: b, c', 'D: e']\ntimeout = 0\nrounds = 9\naddr = ':9'\nverify='none'\n")
	cfg, err := run(t, []string{"GRAB_CONFIG=" + path, "GRAB_N=", "GRAB_ROUNDS=2", "PATH=/bin", "GRAB_EMPTY="}, "urls.txt", "-", "-v")
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(cfg.N, []int{7}) || !cfg.JSON || !cfg.Verbose || cfg.Options.Timeout != 0 || cfg.Options.RetryMin.String() != "2ms" || cfg.Rounds != 0 || cfg.File != path {
		t.Errorf("got %+v", cfg)
	}
	if want := []string{"A: b, c", "D: e"}; !slices.Equal(headerLines(cfg.Options.Header), want) {
		t.Errorf("headers %q, want %q", cfg.Options.Header, want)
	}
	if want := []string{"urls.txt", "-"}; !slices.Equal(cfg.Lists, want) {
		t.Errorf("lists %q, want %q", cfg.Lists, want)
	}
	other := writeFile(t, "n = 8")
	if cfg, err = run(t, []string{"GRAB_CONFIG=" + path}, "-config", other); err != nil || !slices.Equal(cfg.N, []int{8}) || cfg.JSON {
		t.Errorf("-config must win over GRAB_CONFIG: %+v %v", cfg, err)
	}
}

// headerLines writes headers as a user does, in the order of their names.
func headerLines(h http.Header) []string {
	var lines []string
	for _, name := range slices.Sorted(maps.Keys(h)) {
		for _, value := range h[name] {
			lines = append(lines, name+": "+value)
		}
	}
	return lines
}

func TestHeaders(t *testing.T) {
	for _, test := range []struct {
		environ, words, want []string
	}{
		{nil, []string{"-H", "Accept: a, b", "-H", "X-Y:z"}, []string{"Accept: a, b", "X-Y: z"}},
		{nil, []string{"-H", "A: 1", "compare", "-H", "B: 2"}, []string{"A: 1", "B: 2"}},
		{[]string{"GRAB_HEADER=A: 1, 2\r\n\nB: 3\n"}, nil, []string{"A: 1, 2", "B: 3"}},
		{[]string{"GRAB_HEADER=A: 1"}, []string{"--header=B: 2"}, []string{"B: 2"}},
		{nil, []string{"-H", "Empty:"}, []string{"Empty: "}},
	} {
		cfg, err := run(t, test.environ, test.words...)
		if err != nil || !slices.Equal(headerLines(cfg.Options.Header), test.want) {
			t.Errorf("%q %q: headers %q (%v), want %q", test.environ, test.words, cfg.Options.Header, err, test.want)
		}
	}
}

// TestIdle holds that settings of the embedded server may stand in the
// environment and in a file without -local.
func TestIdle(t *testing.T) {
	cfg, err := run(t, []string{"GRAB_IMAGES=5", "GRAB_LATENCY=1s"}, "-config", writeFile(t, "jitter = '1s'\nseed = 3"), "urls.txt")
	if err != nil || cfg.Images != 0 {
		t.Errorf("images %d (%v), want 0", cfg.Images, err)
	}
	if cfg, err = run(t, []string{"GRAB_IMAGES=5"}, "-local"); err != nil || cfg.Images != 5 {
		t.Errorf("images %d (%v), want 5", cfg.Images, err)
	}
	if cfg, err = run(t, []string{"GRAB_IMAGES=5"}, "-local", "urls.txt"); err != nil || cfg.Images != 0 {
		t.Errorf("images %d (%v), want 0 beside a list", cfg.Images, err)
	}
}

func TestMistakes(t *testing.T) {
	missing := filepath.Join(t.TempDir(), "none.toml")
	for _, test := range []struct {
		environ, words []string
		want           string
	}{
		{nil, fields("-n x"), `-n: "x" is not a whole number from 1 to 65535`},
		{nil, fields("-n 0"), `-n: "0" is not a whole number from 1 to 65535`},
		{nil, fields("-n 65536"), `-n: "65536" is not a whole number from 1 to 65535`},
		{nil, fields("-n"), `-n: needs a value`},
		{nil, fields("urls.txt -out"), `-out: needs a value`},
		{nil, fields("compare x -n x"), `-n: "x" is not a whole number from 1 to 65535`},
		{[]string{"GRAB_RETRIES=101"}, nil, `GRAB_RETRIES: "101" is not a whole number from 0 to 100`},
		{[]string{"GRAB_RETRIES=101"}, fields("-retries 3"), `GRAB_RETRIES: "101" is not a whole number from 0 to 100`},
		{[]string{"GRAB_ROUNDS=0"}, nil, `GRAB_ROUNDS: "0" is not a whole number from 1 to 1000`},
		{[]string{"GRAB_JSON=yes"}, nil, `GRAB_JSON: "yes" is not true or false`},
		{[]string{"GRAB_HEADER=A: b\nc"}, nil, `GRAB_HEADER: has no colon; a header is written Name: value`},
		{[]string{"GRAB_QUIET=1"}, fields("-v"), `-verbose: contradicts GRAB_QUIET`},
		{nil, fields("-q -v"), `-verbose: contradicts -quiet`},
		{nil, fields("-qq -v"), `-verbose: contradicts -silent`},
		{nil, fields("serve -q -v"), `-verbose: contradicts -quiet`},
		{nil, fields("compare -csv -json list"), `-csv: contradicts -json`},
		{[]string{"GRAB_MARKDOWN=1"}, fields("report -benchfmt a.jsonl"), `-benchfmt: contradicts GRAB_MARKDOWN`},
		{nil, fields("-csv list"), `-csv: is a flag of grab compare and grab report and grab status, not of grab`},
		{nil, fields("-json=maybe"), `-json: "maybe" is not true or false`},
		{nil, fields("-mode fast"), `-mode: "fast" is not one of sequential, pool, process`},
		{nil, fields("-m pool -mode pool"), `-m: is the same flag as -mode; give one of them`},
		{nil, fields("-mode pool compare x"), `-mode: is a flag of grab, not of grab compare`},
		{nil, fields("compare -mode pool x"), `-mode: is a flag of grab, not of grab compare`},
		{nil, fields("compare x -m pool"), `-m: is a flag of grab, not of grab compare`},
		{nil, fields("-rounds 3 urls.txt"), `-rounds: is a flag of grab compare, not of grab`},
		{nil, fields("-retries 3 serve"), `-retries: is a flag of grab and grab compare, not of grab serve`},
		{nil, fields("serve urls.txt"), `grab serve: takes no arguments, but got "urls.txt"`},
		{nil, fields("-modee pool"), `unknown flag -modee; did you mean -mode?`},
		{nil, fields("urls.txt --tiemout=3s"), `unknown flag -tiemout; did you mean -timeout?`},
		{nil, fields("-nn 3"), `unknown flag -nn`},
		{nil, fields("-j 4 x"), `unknown flag -j; did you mean -n?`},
		{nil, fields("-output x"), `unknown flag -output; did you mean -out?`},
		{nil, fields("compare -output-dir=x"), `unknown flag -output-dir; did you mean -out?`},
		{nil, fields("serve -j 4"), `unknown flag -j`},
		{nil, fields("-sturdy x"), `unknown flag -sturdy`},
		{nil, fields("---n"), `---n: is not a flag`},
		{nil, fields("-verify all"), `-verify: "all" is not one of none, type, structure, decode`},
		{nil, fields("-progress dots"), `-progress: "dots" is not one of auto, bar, plain, none`},
		{nil, fields("-timeout 30"), `-timeout: "30" is not a time without its unit: write 30s for seconds, 30ms for milliseconds`},
		{nil, fields("-timeout -1s"), `-timeout: "-1s" is not a time of 0 or more, such as 300ms or 1.85s`},
		{nil, fields("-connect-timeout 0"), `-connect-timeout: "0" is not a time above 0, such as 300ms or 1.85s`},
		{nil, fields("-retry-min 1m"), `-retry-min: the shortest back-off (1m0s) is above the longest (30s)`},
		{nil, fields("-retry-max 1ms"), `-retry-max: the shortest back-off (250ms) is above the longest (1ms)`},
		{nil, fields("-max-size 0"), `-max-size: "0" is not a size above 0, such as 256MiB, 10MB or 4096`},
		{nil, fields("-max-size 1PiB"), `-max-size: "1PiB" is not a size above 0, such as 256MiB, 10MB or 4096`},
		{nil, fields("-min-speed 1KiB/s"), `-min-speed: "1KiB/s" is not a size of 0 or more, such as 256MiB, 10MB or 4096`},
		{nil, fields("-deny-private=all"), `-deny-private: "all" is not true or false`},
		{nil, fields("-dns 1.1.1.1,one.test x"), `-dns: "one.test" is not the address of a name server, such as 1.1.1.1 or [2620:fe::fe]:53`},
		{nil, fields("-dns 1.1.1.1:0 x"), `-dns: "1.1.1.1:0" is not the address of a name server, such as 1.1.1.1 or [2620:fe::fe]:53`},
		{nil, fields("-4 -6 x"), `-6: contradicts -4`},
		{[]string{"GRAB_4=true"}, fields("-6 x"), `-6: contradicts GRAB_4`},
		{nil, fields("serve -deny-private"), `-deny-private: is a flag of grab and grab compare, not of grab serve`},
		{nil, fields("-local -bandwidth -1"), `-bandwidth: "-1" is not a size of 0 or more, such as 256MiB, 10MB or 4096`},
		{nil, fields("-local -seed 1.5"), `-seed: "1.5" is not a whole number of 64 bits`},
		{nil, fields("-latency 1s x"), `-latency: has no meaning without -local`},
		{nil, fields("compare -jitter 1s x"), `-jitter: has no meaning without -local`},
		{nil, fields("-bandwidth 1MB x"), `-bandwidth: has no meaning without -local`},
		{nil, fields("-seed 1 x"), `-seed: has no meaning without -local`},
		{nil, fields("-faults a01=1% x"), `-faults: has no meaning without -local`},
		{nil, fields("help comprae"), `unknown command comprae; did you mean compare?`},
		{nil, fields("help xyzzy"), `unknown command xyzzy`},
		{nil, fields("-gone-for 3"), `-gone-for: "3" is not a time without its unit: write 3s for seconds, 3ms for milliseconds`},
		{nil, fields("-images 4"), `-images: has no meaning without -local`},
		{nil, fields("-local -images 4 x"), `-images: replaces a list; give one or the other`},
		{nil, fields("serve -addr here"), `-addr: "here" is not host:port, such as 127.0.0.1:8080`},
		{nil, fields("serve -addr :http"), `-addr: ":http" is not host:port, such as 127.0.0.1:8080`},
		{nil, []string{"-out", ""}, `-out: must not be empty`},
		{nil, []string{"-config", ""}, `-config: must not be empty`},
		{nil, []string{"-config", missing}, `-config: ` + missing + `: no such file or directory`},
		{[]string{"GRAB_CONFIG=" + missing}, nil, `GRAB_CONFIG: ` + missing + `: no such file or directory`},
		{nil, []string{"-user-agent", "a\r\nB: c"}, `-user-agent: must not contain control characters`},
		{nil, []string{"-H", "Secret"}, `-header: has no colon; a header is written Name: value`},
		{nil, []string{"-H", "A b: c"}, `-header: "A b" is not a header name`},
		{nil, []string{"-H", ": c"}, `-header: "" is not a header name`},
		{nil, []string{"-H", "A: secret\nB: c"}, `-header: the value of A contains a control character`},
		{nil, []string{"-mo\nde"}, `unknown flag -mo de; did you mean -mode?`},
	} {
		_, err := run(t, test.environ, test.words...)
		if err == nil {
			t.Errorf("%q %q: accepted, want %q", test.environ, test.words, test.want)
			continue
		}
		wantMistake(t, err, test.want)
	}
}

func TestResolveReadsTheEnvironment(t *testing.T) {
	for _, entry := range os.Environ() {
		if len(entry) > 5 && entry[:5] == setting.EnvPrefix {
			t.Skip("the environment has settings of its own")
		}
	}
	t.Setenv("GRAB_N", "12")
	t.Setenv("XDG_CONFIG_HOME", t.TempDir()) // not the developer's own file
	var got Config
	app := newApp(func(c *cli.Context, cmd setting.Command) (err error) {
		got, err = Resolve(c, cmd)
		return err
	})
	if err := app.Run([]string{"grab"}); err != nil || !slices.Equal(got.N, []int{12}) {
		t.Errorf("N is %d (%v), want 12", got.N, err)
	}
}
