package engine

import (
	"context"
	"net"

	"grab/downloader"
	"grab/downloader/internal/child"
	"grab/downloader/internal/stage"
	"grab/downloader/internal/work"
)

// WireVersion is the version that a worker's parent speaks.
const WireVersion = child.WireVersion

// RunOver is Run over connections of the caller's, for tests in bubbles. It is not
// for Process mode, whose children connect by themselves.
func (d *Engine) RunOver(ctx context.Context, src downloader.Source, dial func() (net.Conn, error)) (downloader.Summary, error) {
	over := *d
	over.network.Dial = func(context.Context, string, string) (net.Conn, error) { return dial() }
	return over.Run(ctx, src)
}

// RunBy is Run with the work of each item done by do, for tests that are about
// what surrounds it.
func (d *Engine) RunBy(ctx context.Context, src downloader.Source, do func(downloader.Item) downloader.Result) (downloader.Summary, error) {
	return d.runWith(ctx, src, func(context.Context, *stage.Dir, <-chan struct{}) (*executors, error) {
		c := &executors{drain: func() {}, closeAll: func() downloader.Usage { return downloader.Usage{} }}
		for range d.opts.Workers {
			c.all = append(c.all, stand(do))
		}
		return c, nil
	})
}

// stand is an executor that stands in for a fetcher.
type stand func(downloader.Item) downloader.Result

func (s stand) Do(_ context.Context, j work.Job) work.Outcome {
	return work.Outcome{Result: s(j.Item), Staged: downloader.Staged{Item: j.Item}}
}
