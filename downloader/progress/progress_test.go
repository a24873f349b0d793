package progress

import (
	"bytes"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"

	"grab/downloader"
	"grab/downloader/engine"
	"grab/downloader/list"
	"grab/downloader/live"
	"grab/downloader/manifest"
	"grab/downloader/outdir"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// screen is an output that a test can read while a display writes to it.
type screen struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (s *screen) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.text.Write(p)
}

func (s *screen) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.text.String()
}

func counters(total, ok, failed, bytes int64) *live.Counters {
	c := &live.Counters{}
	c.Total.Store(total)
	c.OK.Store(ok)
	c.Failed.Store(failed)
	c.Bytes.Store(bytes)
	return c
}

// A plain display shows a line every five seconds, and nothing after Stop.
func TestPlain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var out screen
		c := counters(10, 0, 0, 0)
		d := Start(&out, Plain, "pool", true, c)
		time.Sleep(4 * time.Second)
		synctest.Wait()
		if out.String() != "" {
			t.Errorf("before its time: %q", &out)
		}
		c.OK.Store(4)
		c.Failed.Store(1)
		c.Bytes.Store(50_000)
		time.Sleep(time.Second)
		synctest.Wait()
		want := "pool: 5/10 (1 failed), 1.0 images/s, 5s left, 50.0 kB, 10.0 kB/s\n"
		if out.String() != want {
			t.Errorf("got %q, want %q", &out, want)
		}
		time.Sleep(11 * time.Second)
		synctest.Wait()
		if n := strings.Count(out.String(), "\n"); n != 3 {
			t.Errorf("%d lines after 16 s, want 3", n)
		}
		d.Stop()
		said := out.String()
		d.Log("too late")
		time.Sleep(time.Minute)
		synctest.Wait()
		if out.String() != said {
			t.Errorf("written after Stop: %q", strings.TrimPrefix(out.String(), said))
		}
	})
}

// The line is right if the total is unknown, if nothing is done yet, and if more is done than the
// total.
func TestPlainLine(t *testing.T) {
	for _, test := range []struct {
		name string
		of   snapshot
		want string
	}{
		{"unknown total", snapshot{done: 5, bytes: 1000, elapsed: 2 * time.Second}, "m: 5, 2.5 images/s, 1.0 kB, 500 B/s"},
		{"nothing yet", snapshot{total: 7, elapsed: time.Second}, "m: 0/7, 0.0 images/s, 0 B"},
		{"no time yet", snapshot{total: 7}, "m: 0/7, 0.0 images/s, 0 B"},
		{"done", snapshot{done: 7, total: 7, elapsed: time.Second}, "m: 7/7, 7.0 images/s, 0 B"},
		{"more than all", snapshot{done: 9, total: 7, elapsed: time.Second}, "m: 9/7, 9.0 images/s, 0 B"},
		{"stands still", snapshot{done: 2, total: 4, elapsed: time.Second}, "m: 2/4, 2.0 images/s, time left unknown, 0 B"},
		{"nearly done", snapshot{done: 3, total: 4, elapsed: time.Second, lately: 1000}, "m: 3/4, 3.0 images/s, 1s left, 0 B"},
		{"interrupted", snapshot{done: 4, canceled: 3, total: 4, elapsed: time.Second}, "m: 1/4, 1.0 images/s, 0 B"},
		{"a host waits", snapshot{done: 1, total: 9, elapsed: time.Second, lately: 1, givenUp: 2, held: []downloader.HostState{{Images: 7, Next: 12 * time.Second}}},
			"m: 1/9, 1.0 images/s, waiting for 1 host (next try in 12s), 2 hosts given up, time left unknown, 0 B"},
		{"failures", snapshot{done: 2, total: 4, failed: 2, elapsed: time.Second, lately: 2}, "m: 2/4 (2 failed), 2.0 images/s, 1s left, 0 B"},
	} {
		if got := test.of.line("m"); got != test.want {
			t.Errorf("%s: %q, want %q", test.name, got, test.want)
		}
	}
}

// A bar takes the columns that the figures leave, up to its longest, and leaves the last column
// free. No figure is cut.
func TestFrame(t *testing.T) {
	s := snapshot{done: 100, total: 100, bytes: 1000, elapsed: time.Second}
	all, some, few := s.figures(), s.pace(), s.count()
	for _, test := range []struct {
		width   int
		figures string
		bar     int
	}{
		{25, few, 3}, {47, few, 25}, {48, some, 10}, {65, some, 27}, {66, all, 10}, {96, all, 40}, {200, all, 40},
	} {
		want := "größe 100% |" + strings.Repeat("█", test.bar) + "| " + test.figures
		if got := frame("größe", s, test.width); got != want {
			t.Errorf("%d columns: %q, want %q", test.width, got, want)
		}
	}
}

// The pace is that of the last 20 seconds.
func TestLately(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := counters(0, 0, 0, 0)
		m := &meter{counters: c, started: time.Now()}
		for second := range 90 {
			if second < 60 && second%10 == 0 {
				c.OK.Add(10)
			}
			time.Sleep(time.Second)
			lately := m.snapshot().lately
			if second == 55 && (lately < 0.9 || lately > 1.1) || second == 85 && lately != 0 {
				t.Errorf("%v images a second after %d s", lately, second)
			}
		}
	})
}

func TestNone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var out screen
		d := Start(&out, None, "pool", true, counters(3, 1, 1, 1))
		time.Sleep(time.Minute)
		d.Log("a line")
		d.Stop()
		if out.String() != "a line\n" {
			t.Errorf("got %q", &out)
		}
	})
}

// The last frame of a bar shows how the run ended, and ends its line.
func TestBar(t *testing.T) {
	for _, test := range []struct {
		name     string
		counters *live.Counters
		want     string // in the last frame
		never    string
	}{
		{"finished", counters(5, 5, 0, 61_684), `pool 100%.*5/5`, ""},
		{"some failed", counters(5, 3, 2, 1000), `100%.*5/5 \(2 failed\)`, ""},
		{"stopped early", counters(100, 7, 0, 1000), `7%.*7/100`, `100/100|100%`},
		{"unknown total", counters(0, 7, 0, 1000), `pool: 7, .*1\.0 kB`, `7/\d|%`},
		{"unknown, and nothing", counters(0, 0, 0, 0), `pool: 0, .*0 B`, `/0|NaN|Inf`},
		{"more than all", counters(5, 8, 0, 1000), `8/8`, `8/5`},
	} {
		t.Run(test.name, func(t *testing.T) {
			var out screen
			Start(&out, Bar, "pool", true, test.counters).Stop()
			text := out.String()
			if !strings.HasSuffix(text, "\n") {
				t.Errorf("the line does not end: %q", text)
			}
			last := text[strings.LastIndexByte(strings.TrimRight(text, "\n"), '\r')+1:]
			if !regexp.MustCompile(test.want).MatchString(last) {
				t.Errorf("the last frame is %q, want %s", last, test.want)
			}
			if test.never != "" && regexp.MustCompile(test.never).MatchString(text) {
				t.Errorf("%s appears in %q", test.never, text)
			}
		})
	}
}

// Lines of -v appear above the bar, complete, each on a line of its own. The total may become known
// on the way.
func TestBarWithLines(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var out screen
		c := counters(0, 0, 0, 0)
		d := Start(&out, Bar, "pool", true, c)
		for i := range 40 {
			d.Log(fmt.Sprintf("<line %d>", i))
			c.OK.Add(1)
			if i == 20 {
				c.Total.Store(40)
			}
			time.Sleep(50 * time.Millisecond)
		}
		d.Stop()
		text := out.String()
		for i := range 40 {
			if !regexp.MustCompile(fmt.Sprintf(`(?:^|[\r\nJK])<line %d>\n`, i)).MatchString(text) {
				t.Fatalf("line %d is not on its own in %q", i, text)
			}
		}
		if !strings.Contains(text, "40/40") {
			t.Errorf("no full bar in %q", text)
		}
	})
}

// stopped is a terminal after Ctrl-S: the first write does not return before release is closed.
type stopped struct {
	screen
	entered, release chan struct{}
	once             sync.Once
}

func (s *stopped) Write(p []byte) (int, error) {
	s.once.Do(func() { close(s.entered) })
	<-s.release
	return s.screen.Write(p)
}

// A stopped terminal delays only the display. Lines that do not fit into the queue are counted, and
// their number is shown once the terminal goes on.
func TestStoppedTerminal(t *testing.T) {
	const lines = logQueue + 5000
	for _, style := range []Style{Bar, Plain, None} {
		t.Run(string(style), func(t *testing.T) {
			out := &stopped{entered: make(chan struct{}), release: make(chan struct{})}
			d := Start(out, style, "pool", true, counters(0, 0, 0, 0))
			d.Log("first")
			<-out.entered
			for i := range lines { // hangs here if the output can delay a run
				d.Log(fmt.Sprintf("line %d", i))
			}
			close(out.release)
			d.Stop()
			shown := len(regexp.MustCompile(`line \d+\n`).FindAllString(out.String(), -1))
			lost := 0
			if found := regexp.MustCompile(`\((\d+) lines were left out`).FindStringSubmatch(out.String()); found != nil {
				fmt.Sscan(found[1], &lost)
			}
			if lost == 0 || shown+lost != lines || !strings.Contains(out.String(), "first\n") {
				t.Errorf("%d shown and %d left out of %d", shown, lost, lines)
			}
		})
	}
}

// The run itself goes on behind a stopped terminal. At its end all files and the whole manifest are
// there, although nothing more was shown.
func TestRunBehindAStoppedTerminal(t *testing.T) {
	const count = 200
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = w.Write([]byte("GIF89a, as it begins"))
	}))
	defer server.Close()
	for _, style := range []Style{Bar, Plain} {
		dir := t.TempDir()
		images, err := outdir.Open(dir, outdir.Options{})
		if err != nil {
			t.Fatal(err)
		}
		out := &stopped{entered: make(chan struct{}), release: make(chan struct{})}
		c := &live.Counters{}
		display := Start(out, style, "pool", true, c)
		display.Log("first")
		<-out.entered
		d, err := engine.New(downloader.Options{
			Mode: downloader.Pool, Workers: 4, Dir: dir, ConnectTimeout: time.Minute, HeaderTimeout: time.Minute,
			StallTimeout: time.Minute, MaxSize: 1 << 20, Verify: downloader.VerifyType,
		}, engine.Deps{Output: images, Observers: []downloader.Observer{display}, Counters: c})
		if err != nil {
			t.Fatal(err)
		}
		urls := strings.NewReader(strings.Repeat(server.URL+"\n", count))
		summary, err := d.Run(t.Context(), list.Read(list.List{Name: "test", Body: urls}))
		if err != nil || summary.OK != count {
			t.Errorf("%+v, %v", summary, err)
		}
		data, err := os.ReadFile(dir + "/" + manifest.Name)
		if files, _ := filepath.Glob(dir + "/image_*.gif"); err != nil || len(files) != count || bytes.Count(data, []byte("\n")) != count {
			t.Errorf("%d files, %d lines, %v", len(files), bytes.Count(data, []byte("\n")), err)
		}
		close(out.release)
		display.Stop()
		if n := strings.Count(out.String(), "image_"); n != count {
			t.Errorf("%s: %d lines shown after all, want %d", style, n, count)
		}
		if err := images.Close(); err != nil {
			t.Error(err)
		}
	}
}

// broken is an output whose writes all fail.
type broken struct{}

func (broken) Write([]byte) (int, error) { return 0, os.ErrClosed }

func TestBrokenOutput(t *testing.T) {
	for _, style := range []Style{Bar, Plain, None} {
		d := Start(broken{}, style, "pool", true, counters(3, 3, 0, 0))
		d.Log("line")
		d.Stop()
	}
}

func TestChoose(t *testing.T) {
	file, err := os.Create(t.TempDir() + "/out")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	none := func(string) string { return "" }
	for style, want := range map[Style]Style{Auto: Plain, Bar: Bar, Plain: Plain, None: None} {
		if got := style.Choose(file, none); got != want {
			t.Errorf("%s to a file is %s, want %s", style, got, want)
		}
	}
	tty, err := os.OpenFile("/dev/ptmx", os.O_RDWR, 0)
	if err != nil {
		t.Skip("no pseudo-terminal: ", err)
	}
	defer tty.Close()
	for _, test := range []struct {
		name, value string
		want        Style
	}{{"", "", Bar}, {"TERM", "dumb", Plain}, {"TERM", "xterm", Bar}, {"CI", "true", Plain}} {
		getenv := func(name string) string {
			if name == test.name {
				return test.value
			}
			return ""
		}
		if got := Auto.Choose(tty, getenv); got != test.want {
			t.Errorf("auto on a terminal with %s=%s is %s, want %s", test.name, test.value, got, test.want)
		}
	}
}

// A display is an observer: -v shows a line for each result.
func TestObserve(t *testing.T) {
	var out screen
	d := Start(&out, None, "pool", true, &live.Counters{})
	d.Observe(downloader.Result{Item: downloader.Item{Line: 2, URL: "http://x/1"}, Status: downloader.StatusFailed,
		Class: downloader.ClassHTTP4xx, Error: "404 Not Found"})
	d.Stop()
	if !regexp.MustCompile(`^failed +line 2, http://x/1: http-4xx: 404 Not Found\n$`).MatchString(out.String()) {
		t.Errorf("got %q", &out)
	}
}

// TestInFlight lists the hosts that images wait for: some of them, and how many more there are.
func TestInFlight(t *testing.T) {
	for _, c := range []struct {
		held, givenUp int
		want, never   string
	}{
		{0, 0, "m: 0 in flight\n", "host"},
		{maxHeld, 0, "host h19:", "more that are waited for"},
		{maxHeld + 1, 0, "  and 1 host more that are waited for\n", "host h20:"},
		{maxHeld + 3, 2, "  and 3 hosts more that are waited for\n  2 hosts given up, to be tried once more at the end\n", "host h20:"},
	} {
		var out screen
		all := counters(0, 0, 0, 0)
		all.SetHosts(func() (held []downloader.HostState, givenUp int) {
			for i := range c.held {
				held = append(held, downloader.HostState{Host: fmt.Sprintf("h%d", i), Images: 1})
			}
			return held, c.givenUp
		})
		d := Start(&out, None, "m", false, all)
		d.InFlight()
		d.Stop()
		if got := out.String(); !strings.Contains(got, c.want) || strings.Contains(got, c.never) {
			t.Errorf("%d hosts: %q, want %q", c.held, got, c.want)
		}
	}
}

// TestMessages checks what a display says of results, hosts, warnings, interrupts and signals, and
// what only a verbose one does.
func TestMessages(t *testing.T) {
	for _, verbose := range []bool{false, true} {
		var out screen
		all := counters(0, 0, 0, 0)
		d := Start(&out, None, "m", verbose, all)
		d.Warn("careful")
		d.Observe(downloader.Result{Status: downloader.StatusOK, File: "image_0.jpg"})
		d.ObserveHost(downloader.HostEvent{Host: "h", Change: downloader.HostBack})
		d.Interrupted(time.Second) // nothing is in flight
		all.InFlight.Store(2)
		d.Interrupted(time.Second)
		asked := make(chan os.Signal)
		stop := d.Answer(asked)
		asked <- os.Interrupt
		stop()
		want := "grab: careful\ninterrupted: waiting up to 1s for 2 images in flight; a second signal ends at once\nm: 0 in flight\n"
		if verbose {
			want = "grab: careful\nok       image_0.jpg, 0 B, 0s: \nhost h: answers again\ninterrupted: waiting up to 1s for 2 images in flight; a second signal ends at once\nm: 0 in flight\nm: 0 in flight\n"
		}
		if got := out.String(); got != want {
			t.Errorf("verbose %v: %q, want %q", verbose, got, want)
		}
	}
}
