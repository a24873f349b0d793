package engine_test

import (
	"context"
	"errors"
	"slices"
	"testing"

	. "grab/downloader"
	. "grab/downloader/engine"
	"grab/downloader/outdir"
	"grab/downloader/sink"
	"grab/testserver"
)

// remembered is a sink whose earlier runs are what lookup says.
type remembered struct {
	Sink
	lookup func(Item) (Earlier, bool)
}

func (r remembered) Claim(item Item) (Earlier, bool)              { return r.lookup(item) }
func (remembered) Check(context.Context, Earlier, bool) FileState { return FileIntact }
func (remembered) Adopt(context.Context, Item) (Earlier, bool)    { return Earlier{}, false }
func (remembered) Validators(Earlier) (string, string)            { return "", "" }
func (remembered) Arrange(context.Context, []Move) error          { return nil }
func (remembered) Release(context.Context, Earlier, string) error { return nil }
func (remembered) HasEarlier() bool                               { return true }

// rerun runs opts over src as if recall told of an earlier run.
func rerun(t *testing.T, opts Options, src Source, recall func(Item) (Earlier, bool), observe ObserverFunc) (Summary, error) {
	t.Helper()
	files, err := sink.NewFiles(opts.Dir, false)
	if err != nil {
		t.Fatal(err)
	}
	defer files.Close()
	d, err := New(opts, Deps{Output: remembered{files, recall}, Observers: []Observer{observe}, WorkerCommand: childCommand("worker")})
	if err != nil {
		t.Fatal(err)
	}
	return d.Run(t.Context(), src)
}

// TestRerunInterrupted has each entry that was read answered, though many are read
// ahead when there was an earlier run.
func TestRerunInterrupted(t *testing.T) {
	eachMode(t, func(t *testing.T, opts Options) {
		g := startGate(t)
		ctx, cancel := context.WithCancel(t.Context())
		go func() {
			g.wait(opts.Workers)
			cancel()
			close(g.open)
		}()
		earlier, err := outdir.Open(opts.Dir, outdir.Options{})
		if err != nil {
			t.Fatal(err)
		}
		earlier.Observe(Result{Item: Item{Index: 5000, URL: "http://a.test/"}, Status: StatusFailed, Class: ClassStall})
		if err := earlier.Close(); err != nil {
			t.Fatal(err)
		}
		o := runIn(ctx, t, opts, Deps{}, g.list(2000))
		if o.err != nil || o.summary.OK != opts.Workers || o.summary.Canceled != o.summary.Total-opts.Workers {
			t.Errorf("%+v, %v", o.summary, o.err)
		}
	})
}

// TestRerunAnswersAtOnce gives the next entry only when the one before it has its
// result, as a program does that talks with grab over two pipes.
func TestRerunAnswersAtOnce(t *testing.T) {
	eachMode(t, func(t *testing.T, opts Options) {
		_, opts = startServer(t, opts, testserver.Options{})
		answered := make(chan struct{}, 1)
		opts.RetryFailed = []Class{ClassReset}
		failed := func(Item) (Earlier, bool) {
			return Earlier{Status: StatusFailed, Class: ClassStall}, true
		}
		list := func(yield func(Item, error) bool) {
			for i := range 20 {
				if !yield(Item{Index: i, Line: i + 1, URL: testserver.ImageURL(i)}, nil) {
					return
				}
				<-answered
			}
		}
		summary, err := rerun(t, opts, list, failed, func(Result) { answered <- struct{}{} })
		if err != nil || summary.Classes[ClassStall] != 20 {
			t.Errorf("%+v, %v", summary, err)
		}
	})
}

// TestRerunKeepsOrder fetches one of three entries, has one settled by its record
// and one refused. One worker gives the results in the order of the list, and a
// list that breaks is said to, after all that was read of it.
func TestRerunKeepsOrder(t *testing.T) {
	const entries = 1500
	_, opts := startServer(t, options(t, modeCase{Sequential, 1}), testserver.Options{})
	opts.RetryFailed = []Class{ClassReset}
	broken := errors.New("the list is torn")
	list := func(yield func(Item, error) bool) {
		for i := range entries {
			var err error
			if i%3 == 2 {
				err = &Error{Class: ClassURL, Reason: "no URL"}
			}
			if !yield(Item{Index: i, Line: i + 1, URL: testserver.ImageURL(i)}, err) {
				return
			}
		}
		yield(Item{}, broken)
	}
	third := func(item Item) (Earlier, bool) {
		return Earlier{Status: StatusFailed, Class: ClassStall}, item.Index%3 == 1
	}
	var order []int
	summary, err := rerun(t, opts, list, third, func(r Result) { order = append(order, r.Index) })
	if !errors.Is(err, broken) || summary.OK != entries/3 || summary.Classes[ClassStall] != entries/3 || summary.Classes[ClassURL] != entries/3 {
		t.Errorf("%+v, %v", summary, err)
	}
	if len(order) != entries || !slices.IsSorted(order) {
		t.Errorf("%d results, out of order", len(order))
	}
}
