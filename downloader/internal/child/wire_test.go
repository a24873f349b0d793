package child

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"reflect"
	"runtime"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"grab/downloader"
	"grab/downloader/internal/work"
	"grab/downloader/live"
)

// longItem has a URL with all that a codec may get wrong.
var longItem = downloader.Item{Index: 3, Line: 4, URL: "http://a.test/?a=<b>&c=\u2028é\xff", Fields: `{"a":"b"}`}

func everyOrder() []order {
	return []order{
		{Hello: &hello{Version: WireVersion, Options: downloader.Options{Mode: downloader.Process, Workers: 3, Header: map[string][]string{"X": {"a, b", ""}}, RootCAs: []byte{0, 255}, Timeout: time.Hour}}},
		{Job: &work.Job{Item: longItem, Attempts: 2, Spent: time.Second, Timing: downloader.Timing{DNS: 0.1}}},
		{Job: &work.Job{}},
		{Drain: true},
	}
}

func everyReport() []report {
	return []report{
		{Ready: true},
		{Tick: &tick{Bytes: 1 << 40}},
		{Tick: &tick{}},
		{Done: &work.Outcome{Result: downloader.Result{Item: longItem, Status: downloader.StatusOK, Bytes: 5, Started: time.Unix(0, 1).UTC(), Timing: downloader.Timing{Body: 0.1}}, Staged: downloader.Staged{Item: longItem, Path: "x", Ext: ".jpg"}, Trouble: &work.Trouble{Again: true, Wait: time.Second, Asked: 1}}},
		{Bye: &downloader.Usage{CPU: time.Second, PeakRSS: 1 << 30}},
	}
}

// TestFrames sends each message, and all in a row twice, through pipes that deliver in
// pieces of any size.
func TestFrames(t *testing.T) {
	checkFrames(t, append(everyOrder(), everyOrder()...))
	checkFrames(t, append(everyReport(), everyReport()...))
}

func checkFrames[M any](t *testing.T, messages []M) {
	t.Helper()
	var all bytes.Buffer
	e := newEncoder(&all)
	for _, m := range messages {
		if err := e.write(m); err != nil {
			t.Fatal(err)
		}
	}
	for name, r := range map[string]io.Reader{
		"at once": bytes.NewReader(all.Bytes()), "byte by byte": iotest.OneByteReader(bytes.NewReader(all.Bytes())), "with its end": iotest.DataErrReader(bytes.NewReader(all.Bytes())),
	} {
		d := newDecoder(r)
		for _, want := range messages {
			var got M
			if err := d.read(&got); err != nil || !reflect.DeepEqual(got, want) {
				t.Fatalf("%s: %+v, %v; want %+v", name, got, err, want)
			}
		}
		var none M
		if err := d.read(&none); err != io.EOF {
			t.Errorf("%s: %v at the end", name, err)
		}
	}
}

// TestTornFrame checks that an end inside a frame differs from one between two.
func TestTornFrame(t *testing.T) {
	whole := framesOf(t, everyReport()[3])
	for n := 1; n < len(whole); n++ {
		if err := newDecoder(bytes.NewReader(whole[:n])).read(&report{}); err != io.ErrUnexpectedEOF {
			t.Errorf("after %d of %d bytes: %v", n, len(whole), err)
		}
	}
}

// framesOf returns messages as one encoder writes them.
func framesOf(t testing.TB, messages ...any) []byte {
	var b bytes.Buffer
	e := newEncoder(&b)
	for _, m := range messages {
		if err := e.write(m); err != nil {
			t.Fatal(err)
		}
	}
	return b.Bytes()
}

func TestBadFrames(t *testing.T) {
	whole := framesOf(t, report{Ready: true})
	longer := append(binary.BigEndian.AppendUint32(nil, uint32(len(whole)-4+1)), append(whole[4:len(whole):len(whole)], 0)...)
	for name, data := range map[string]string{
		"too long":        "\x00\x80\x00\x01",
		"far too long":    "\xff\xff\xff\xff",
		"text":            "panic: x",
		"empty":           "\x00\x00\x00\x00",
		"not gob":         "\x00\x00\x00\x05hello",
		"JSON":            "\x00\x00\x00\x02{}",
		"bytes too many":  string(longer),
		"another's frame": string(framesOf(t, struct{ Greet string }{"x"})),
	} {
		var got report
		if err := newDecoder(strings.NewReader(data)).read(&got); err == nil || err == io.EOF {
			t.Errorf("%s: %+v, %v", name, got, err)
		}
	}
	if err := newEncoder(io.Discard).write(order{Job: &work.Job{Item: downloader.Item{URL: strings.Repeat("x", maxFrame)}}}); err == nil {
		t.Error("a frame was written that nobody reads")
	}
	broken := errors.New("broken")
	if err := newDecoder(iotest.ErrReader(broken)).read(&report{}); err != broken {
		t.Errorf("%v", err)
	}
}

// TestFrameOverTheLimit checks that a frame is refused for its length alone.
func TestFrameOverTheLimit(t *testing.T) {
	for length, fits := range map[int]bool{maxFrame: true, maxFrame + 1: false} {
		data := append(binary.BigEndian.AppendUint32(nil, uint32(length)), make([]byte, length)...)
		err := newDecoder(bytes.NewReader(data)).read(&report{})
		if refused := strings.Contains(err.Error(), "not what a worker sends"); refused == fits {
			t.Errorf("a frame of %d bytes: %v", length, err)
		}
	}
}

// TestLongestURL checks that it fits into a frame.
func TestLongestURL(t *testing.T) {
	item := downloader.Item{URL: "http://a.test/" + strings.Repeat("&", downloader.MaxURL-14)}
	framesOf(t, order{Job: &work.Job{Item: item}})
	framesOf(t, report{Done: &work.Outcome{Result: downloader.Result{Item: item, FinalURL: item.URL}, Staged: downloader.Staged{Item: item}}})
}

// FuzzReadFrame checks that what a child sends cannot make its parent panic, or allocate
// a lot.
func FuzzReadFrame(f *testing.F) {
	for _, each := range everyReport() {
		f.Add(framesOf(f, each))
		f.Add(framesOf(f, each, each))
	}
	f.Add([]byte("\xff\xff\xff\xff"))
	f.Add([]byte("\x00\x0f\xff\xff"))
	f.Fuzz(func(t *testing.T, data []byte) {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		d := newDecoder(bytes.NewReader(data))
		for {
			var got report
			if err := d.read(&got); err != nil {
				break
			}
			if back := framesOf(t, got); len(back) == 0 {
				t.Errorf("%+v has no frame", got)
			}
		}
		runtime.ReadMemStats(&after)
		if grown := after.TotalAlloc - before.TotalAlloc; grown > 4*maxFrame+uint64(1000*len(data)) {
			t.Errorf("%d bytes made it allocate %d", len(data), grown)
		}
	})
}

// BenchmarkFrames measures a job and its answer, from one process to the other.
func BenchmarkFrames(b *testing.B) {
	var pipe bytes.Buffer
	e, d := newEncoder(&pipe), newDecoder(&pipe)
	orders, reports := everyOrder(), everyReport()
	b.ReportAllocs()
	for b.Loop() {
		var o order
		var r report
		if err := errors.Join(e.write(orders[1]), d.read(&o), e.write(reports[3]), d.read(&r)); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkFlight measures what an entry in Counters costs each image.
func BenchmarkFlight(b *testing.B) {
	var c live.Counters
	b.RunParallel(func(pb *testing.PB) {
		var t live.Tracker
		for pb.Next() {
			var j work.Job
			entry := c.Begin(downloader.Item{URL: "http://a.test/"}, 0)
			j.Show(entry)
			j.Follow(&t)
			c.End(entry)
		}
	})
}
