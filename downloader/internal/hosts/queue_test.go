package hosts

import (
	"bytes"
	"fmt"
	"maps"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"grab/downloader"
	"grab/downloader/internal/queues"
	"grab/downloader/internal/queues/queuestest"
	"grab/downloader/internal/work"
)

// add gives g one image of a host.
func add(t *testing.T, g *Governor, host string, index int) *Task {
	t.Helper()
	task := &Task{Job: work.Job{Item: downloader.Item{Index: index, Line: index + 1, URL: fmt.Sprintf("http://%s.test/%d.jpg", host, index)}}}
	if !g.Add(task) {
		t.Fatal("the task was refused")
	}
	return task
}

// overfull returns a Governor with as many images as fit into memory, of host z, which is
// left alone for an hour.
func overfull(t *testing.T, openFile func() (queues.Storage, error)) *Governor {
	g := New(&downloader.Options{Workers: 4}, openFile, false)
	g.hostOf(downloader.Item{URL: "http://z.test/"}).heldUntil = time.Now().Add(time.Hour)
	for i := range MaxWaiting {
		add(t, g, "z", 1_000_000+i)
	}
	return g
}

// TestSpilledTasks has more images than there is room for. Those of each host must come
// from the file complete, and in the order of the list.
func TestSpilledTasks(t *testing.T) {
	file := &queuestest.Memory{}
	g := overfull(t, func() (queues.Storage, error) { return file, nil })
	if g.file != nil {
		t.Fatal("there is a file, although there was room")
	}
	names := []string{"a", "b", "c"}
	for i := range 120 {
		add(t, g, names[i%3], i)
	}
	if g.inMemory != MaxWaiting || g.Waiting() != MaxWaiting+120 || g.file.Len() != 120 {
		t.Fatalf("%d images in memory, %d in the file, %d in all", g.inMemory, g.file.Len(), g.Waiting())
	}
	for i := range 120 {
		s := g.byName["http://"+names[i%3]+".test"]
		task := g.dequeue(s, time.Now())
		if want := (downloader.Item{Index: i, Line: i + 1, URL: fmt.Sprintf("%s/%d.jpg", s.name, i)}); task == nil || task.Item != want || task.host != s {
			t.Fatalf("got %+v, want %+v", task, want)
		}
		if s.fresh.Len() > refill {
			t.Fatalf("%d images came back from the file at once", s.fresh.Len())
		}
	}
	if g.Waiting() != MaxWaiting || g.inMemory != MaxWaiting || g.file.Len() != 0 {
		t.Errorf("%d images wait, %d in memory, %d in the file", g.Waiting(), g.inMemory, g.file.Len())
	}
	clear(file.Data)
	add(t, g, "a", 7)
	if g.file.Len() != 1 || !bytes.Contains(file.Data[:500], []byte("/7.jpg")) {
		t.Errorf("the empty file was not used from its beginning: %d records, %q", g.file.Len(), file.Data[:500])
	}
	// There is room again, but the next image of a goes behind the one in the file.
	g.dequeue(g.byName["http://z.test"], time.Now())
	add(t, g, "a", 8)
	for _, want := range []int{7, 8} {
		if task := g.dequeue(g.byName["http://a.test"], time.Now()); task == nil || task.Index != want {
			t.Errorf("got %+v, want image %d", task, want)
		}
	}
}

// TestSpilledTaskIsWhole compares a task before and after it was in the file.
func TestSpilledTaskIsWhole(t *testing.T) {
	g := overfull(t, func() (queues.Storage, error) { return &queuestest.Memory{}, nil })
	s := g.byName["http://z.test"]
	s.givenUp = true // even images with an attempt go to the file now
	now := time.Now().UTC().Round(0)
	want := Task{
		Job: work.Job{
			Item:     downloader.Item{Index: 5, Line: 6, URL: "http://user:secret@z.test/ü\u2028\".jpg", Ask: &downloader.Ask{Header: http.Header{"Referer": {"x"}}, Mirrors: []string{"http://m.test/"}}},
			Attempts: 2, Forgiven: 1, Spent: time.Second, Timing: downloader.Timing{Total: 3}, HeaderTimedOut: true,
		},
		Read: now, Started: now.Add(1),
		Earlier: &downloader.Earlier{ID: 3, Index: 4, Named: true, Status: downloader.StatusOK, File: "f", Bytes: 9, SHA256: [32]byte{1}, Since: now, Asked: now},
		Last:    &downloader.Result{Item: downloader.Item{Index: 5, Line: 6, URL: "http://z.test/"}, Status: downloader.StatusFailed, Class: downloader.ClassReset, Error: "reset", Attempts: 2},
		Before:  &downloader.Result{Item: downloader.Item{Index: 5, Line: 6, URL: "http://y.test/"}, Status: downloader.StatusFailed, Class: downloader.ClassDNS, Error: "dns", Attempts: 1},
	}
	task := want
	g.enqueue(s, &task, now)
	for range MaxWaiting {
		g.dequeue(s, now)
	}
	got := g.dequeue(s, now)
	if got == nil {
		t.Fatal("the task is lost")
	}
	for _, c := range []struct {
		name      string
		got, want any
	}{
		{"job", got.Job, want.Job}, {"times", []time.Time{got.Read, got.Started}, []time.Time{want.Read, want.Started}},
		{"earlier run", got.Earlier, want.Earlier}, {"last result", got.Last, want.Last}, {"result before", got.Before, want.Before},
	} {
		if !reflect.DeepEqual(c.got, c.want) {
			t.Errorf("%s: %+v, want %+v", c.name, c.got, c.want)
		}
	}
}

// TestCloseEndsAll closes a Governor with images in each of its queues. Each must end, and
// none twice.
func TestCloseEndsAll(t *testing.T) {
	file := &queuestest.Memory{}
	g := overfull(t, func() (queues.Storage, error) { return file, nil })
	want := map[int]bool{}
	for i := range MaxWaiting {
		want[1_000_000+i] = true
	}
	for i := range 40 {
		add(t, g, string(rune('a'+i%2)), i)
		want[i] = true
	}
	add(t, g, "tried", 40)
	want[40] = true
	task := g.dequeue(g.byName["http://tried.test"], time.Now())
	task.Attempts, task.Last = 1, &downloader.Result{}
	g.enqueue(g.byName["http://tried.test"], task, time.Now().Add(time.Hour))
	ended := map[int]bool{}
	g.Close(func(task *Task) {
		if ended[task.Index] {
			t.Errorf("image %d ended twice", task.Index)
		}
		ended[task.Index] = true
	})
	if !maps.Equal(ended, want) {
		t.Errorf("%d images ended, want %d", len(ended), len(want))
	}
	if g.Waiting() != 0 || g.inMemory != 0 || g.due.Len() != 0 || !file.Closed || g.file != nil || g.Err() != nil {
		t.Errorf("%d images wait, %d in memory, file closed: %v, %v", g.Waiting(), g.inMemory, file.Closed, g.Err())
	}
	if g.Add(&Task{}) {
		t.Error("a task was taken after Close")
	}
	if task, end := g.Next(); task != nil || end != nil {
		t.Errorf("a task was handed out after Close: %v, %v", task, end)
	}
	g.Close(func(*Task) { t.Error("a task ended twice") })
}

// TestNoSpillFile has no room on the disk. The images stay in memory, and the list is not
// read any further.
func TestNoSpillFile(t *testing.T) {
	full := &queuestest.Memory{Fails: 1}
	for name, openFile := range map[string]func() (queues.Storage, error){
		"cannot be made":    func() (queues.Storage, error) { return nil, queuestest.ErrDisk },
		"cannot be written": func() (queues.Storage, error) { return full, nil },
	} {
		g := overfull(t, openFile)
		for i := range MaxWaiting - 1 {
			add(t, g, "a", i)
		}
		if g.full() {
			t.Errorf("%s: no room although there is some", name)
		}
		add(t, g, "a", MaxWaiting)
		if !g.full() || g.inMemory != 2*MaxWaiting || g.Waiting() != 2*MaxWaiting || g.Err() != nil {
			t.Errorf("%s: %d in memory, %d wait, full %v, %v", name, g.inMemory, g.Waiting(), g.full(), g.Err())
		}
		ended := 0
		g.Close(func(*Task) { ended++ })
		if ended != 2*MaxWaiting {
			t.Errorf("%s: %d images ended", name, ended)
		}
	}
	if !full.Closed {
		t.Error("the file was not closed")
	}
}

// TestSpillFileBreaks has images in a file that cannot be read, or that was changed, and a
// host of each kind. The run must end with that error, after what could be read.
func TestSpillFileBreaks(t *testing.T) {
	for name, harm := range map[string]func(m *queuestest.Memory, second int64){
		"fails":          func(m *queuestest.Memory, _ int64) { m.Fails = 1 },
		"was cut":        func(m *queuestest.Memory, _ int64) { m.Data = nil },
		"is garbage":     func(m *queuestest.Memory, _ int64) { copy(m.Data[bytes.IndexByte(m.Data, '{'):], "garbage") },
		"second is lost": func(m *queuestest.Memory, second int64) { m.Data = m.Data[:second] },
		"second is broken": func(m *queuestest.Memory, second int64) {
			copy(m.Data[second+int64(bytes.IndexByte(m.Data[second:], '{')):], "garbage")
		},
	} {
		for _, final := range []bool{false, true} {
			file := &queuestest.Memory{}
			g := overfull(t, func() (queues.Storage, error) { return file, nil })
			add(t, g, "a", 0)
			second := int64(len(file.Data))
			add(t, g, "a", 1)
			g.FinishList()
			s := g.byName["http://a.test"]
			s.final = final
			g.place(s, time.Now())
			harm(file, second)
			task, _ := g.Next()
			if one := strings.HasPrefix(name, "second"); one != (task != nil) || one && task.Index != 0 {
				t.Errorf("%s: got task %+v", name, task)
			}
			if task, end := g.Next(); task != nil || end != nil {
				t.Errorf("%s: got a task from a broken file: %+v, %v", name, task, end)
			}
			if err := g.Err(); err == nil || name == "fails" && !strings.Contains(err.Error(), queuestest.ErrDisk.Error()) {
				t.Errorf("%s: error %v", name, err)
			}
			if g.Add(&Task{}) {
				t.Errorf("%s: a task was taken", name)
			}
			ended := 0
			g.Close(func(*Task) { ended++ }) // returns, although an image cannot be read
			if ended != MaxWaiting || !file.Closed {
				t.Errorf("%s: %d images ended, file closed: %v", name, ended, file.Closed)
			}
		}
	}
}

// TestForgetIdle has more hosts than are remembered. Those with images, and those that
// failed, stay.
func TestForgetIdle(t *testing.T) {
	g := governor(downloader.Options{Workers: 4})
	var kept []string
	for i := range maxHosts {
		s := g.hostOf(downloader.Item{URL: fmt.Sprintf("http://h%d.test/", i)})
		switch i {
		case 0:
			s.waiting = 1
		case 1:
			s.busy = 1
		case 2:
			s.failures = 1
		default:
			continue
		}
		kept = append(kept, s.name)
	}
	if len(g.byName) != maxHosts {
		t.Fatalf("%d hosts are remembered", len(g.byName))
	}
	g.hostOf(downloader.Item{URL: "http://new.test/"})
	kept = append(kept, "http://new.test")
	slices.Sort(kept)
	if got := slices.Sorted(maps.Keys(g.byName)); !slices.Equal(got, kept) {
		t.Errorf("remembered %v, want %v", got, kept)
	}
}
