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

func everyFrame() []frame {
	item := downloader.Item{Index: 3, Line: 4, URL: "http://a.test/?a=<b>&c=\u2028é"}
	return []frame{
		{Hello: &hello{Version: WireVersion, Options: downloader.Options{Mode: downloader.Process, Workers: 3, Header: map[string][]string{"X": {"a, b", ""}}, RootCAs: []byte{0, 255}, Timeout: time.Hour}}},
		{Job: &work.Job{Item: item, Attempts: 2, Spent: time.Second, Timing: downloader.Timing{DNS: 0.1}}},
		{Drain: &struct{}{}},
		{Ready: &struct{}{}},
		{Tick: &tick{Bytes: 1 << 40}},
		{Done: &work.Outcome{Result: downloader.Result{Item: item, Status: downloader.StatusOK, Bytes: 5, Started: time.Unix(0, 1).UTC(), Timing: downloader.Timing{Body: 0.1}}, Staged: downloader.Staged{Item: item, Path: "x", Ext: ".jpg"}, Trouble: &work.Trouble{Again: true, Wait: time.Second, Asked: 1}}},
		{Bye: &downloader.Usage{CPU: time.Second, PeakRSS: 1 << 30}},
	}
}

// TestFrames sends each frame, and all in a row, through pipes that deliver in pieces
// of any size.
func TestFrames(t *testing.T) {
	var all bytes.Buffer
	for _, f := range everyFrame() {
		if err := writeFrame(&all, f); err != nil {
			t.Fatal(err)
		}
	}
	for name, r := range map[string]io.Reader{
		"at once": bytes.NewReader(all.Bytes()), "byte by byte": iotest.OneByteReader(bytes.NewReader(all.Bytes())), "with its end": iotest.DataErrReader(bytes.NewReader(all.Bytes())),
	} {
		for _, want := range everyFrame() {
			if got, err := readFrame(r); err != nil || !reflect.DeepEqual(got, want) {
				t.Fatalf("%s: %+v, %v; want %+v", name, got, err, want)
			}
		}
		if _, err := readFrame(r); err != io.EOF {
			t.Errorf("%s: %v at the end", name, err)
		}
	}
}

// TestTornFrame checks that an end inside a frame differs from one between two.
func TestTornFrame(t *testing.T) {
	var whole bytes.Buffer
	if err := writeFrame(&whole, everyFrame()[1]); err != nil {
		t.Fatal(err)
	}
	for n := 1; n < whole.Len(); n++ {
		if _, err := readFrame(bytes.NewReader(whole.Bytes()[:n])); err != io.ErrUnexpectedEOF {
			t.Errorf("after %d of %d bytes: %v", n, whole.Len(), err)
		}
	}
}

func TestBadFrames(t *testing.T) {
	for name, data := range map[string]string{
		"too long":        "\x00\x10\x00\x01",
		"far too long":    "\xff\xff\xff\xff",
		"text":            "panic: x",
		"empty":           "\x00\x00\x00\x00",
		"no message":      "\x00\x00\x00\x02{}",
		"two messages":    "\x00\x00\x00\x17" + `{"drain":{},"ready":{}}`,
		"not JSON":        "\x00\x00\x00\x05hello",
		"another's frame": "\x00\x00\x00\x0d" + `{"greet":"x"}`,
	} {
		if f, err := readFrame(strings.NewReader(data)); err == nil || err == io.EOF {
			t.Errorf("%s: %+v, %v", name, f, err)
		}
	}
	if err := writeFrame(io.Discard, frame{Job: &work.Job{Item: downloader.Item{URL: strings.Repeat("x", maxFrame)}}}); err == nil {
		t.Error("a frame was written that nobody reads")
	}
	broken := errors.New("broken")
	if _, err := readFrame(iotest.ErrReader(broken)); err != broken {
		t.Errorf("%v", err)
	}
}

// TestLongestURL checks that it fits into a frame, with all its characters escaped.
func TestLongestURL(t *testing.T) {
	item := downloader.Item{URL: "http://a.test/" + strings.Repeat("&", downloader.MaxURL-14)}
	for _, f := range []frame{{Job: &work.Job{Item: item}}, {Done: &work.Outcome{Result: downloader.Result{Item: item, FinalURL: item.URL}, Staged: downloader.Staged{Item: item}}}} {
		if err := writeFrame(io.Discard, f); err != nil {
			t.Error(err)
		}
	}
}

func FuzzReadFrame(f *testing.F) {
	for _, each := range everyFrame() {
		var b bytes.Buffer
		if err := writeFrame(&b, each); err != nil {
			f.Fatal(err)
		}
		f.Add(b.Bytes())
		f.Add(b.Bytes()[:b.Len()-1])
	}
	f.Add([]byte("\xff\xff\xff\xff"))
	f.Add([]byte("\x00\x0f\xff\xff"))
	f.Fuzz(func(t *testing.T, data []byte) {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		got, err := readFrame(bytes.NewReader(data))
		runtime.ReadMemStats(&after)
		if grown := after.TotalAlloc - before.TotalAlloc; grown > 4*maxFrame+uint64(100*len(data)) {
			t.Errorf("%d bytes made it allocate %d", len(data), grown)
		}
		if err != nil {
			return
		}
		if got.fields() != 1 || int(binary.BigEndian.Uint32(data))+4 > len(data) {
			t.Errorf("%+v from %q", got, data)
		}
		var again bytes.Buffer
		if writeFrame(&again, got) != nil {
			return // escapes may make it too long
		}
		if back, err := readFrame(&again); err != nil || !reflect.DeepEqual(back, got) {
			t.Errorf("%+v, %v; want %+v", back, err, got)
		}
	})
}

// BenchmarkFlight measures what an entry in Counters costs each image.
func BenchmarkFlight(b *testing.B) {
	var c live.Counters
	b.RunParallel(func(pb *testing.PB) {
		var t live.Tracker
		for pb.Next() {
			j := work.Job{Entry: c.Begin(downloader.Item{URL: "http://a.test/"}, 0)}
			j.Follow(&t)
			c.End(j.Entry)
		}
	})
}
