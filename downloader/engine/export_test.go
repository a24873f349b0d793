package engine

import (
	"context"
	"net"
	"slices"

	"grab/downloader"
	"grab/downloader/internal/child"
	"grab/downloader/internal/stage"
	"grab/downloader/internal/work"
)

// WireVersion is the version of the frames that a parent sends to its children.
const WireVersion = child.WireVersion

// RunOver is Run over connections that dial makes, for tests in bubbles. It is not for
// process mode, whose children make their own connections.
func (d *Engine) RunOver(ctx context.Context, src downloader.Source, dial func() (net.Conn, error)) (downloader.Summary, error) {
	over := *d
	over.network.Dial = func(context.Context, string, string) (net.Conn, error) { return dial() }
	return over.Run(ctx, src)
}

// RunBy is Run with do in place of each executor, for tests of everything else.
func (d *Engine) RunBy(ctx context.Context, src downloader.Source, do func(downloader.Item) downloader.Result) (downloader.Summary, error) {
	return d.runWith(ctx, src, func(context.Context, *stage.Dir, <-chan struct{}) (*executors, error) {
		return &executors{
			all:      slices.Repeat([]work.Executor{executorFunc(do)}, d.opts.Workers),
			drain:    func() {},
			closeAll: func() downloader.Usage { return downloader.Usage{} },
		}, nil
	})
}

// executorFunc is an Executor that is a function.
type executorFunc func(downloader.Item) downloader.Result

// Do implements [work.Executor].
func (f executorFunc) Do(_ context.Context, j work.Job) work.Outcome {
	return work.Outcome{Result: f(j.Item), Staged: downloader.Staged{Item: j.Item}}
}
