package downloader

import (
	"context"
	"net"
)

// WireVersion is the version that a worker's parent speaks.
const WireVersion = wireVersion

// RunOver is Run over connections of the caller's, for tests in bubbles. It is not
// for Process mode, whose children connect by themselves.
func (d *Downloader) RunOver(ctx context.Context, src Source, dial func() (net.Conn, error)) (Summary, error) {
	over := *d
	over.network.dial = func(context.Context, string, string) (net.Conn, error) { return dial() }
	return over.Run(ctx, src)
}

// RunBy is Run with the work of each item done by do, for tests that are about
// what surrounds it.
func (d *Downloader) RunBy(ctx context.Context, src Source, do func(Item) Result) (Summary, error) {
	return d.runWith(ctx, src, func(context.Context, *stager, <-chan struct{}) (*crew, error) {
		c := &crew{drain: func() {}, dismiss: func() Usage { return Usage{} }}
		for range d.opts.Workers {
			c.executors = append(c.executors, stand(do))
		}
		return c, nil
	})
}

// stand is an executor that stands in for a fetcher.
type stand func(Item) Result

func (s stand) Do(_ context.Context, j job) fetched {
	return fetched{Result: s(j.Item), Staged: Staged{Item: j.Item}}
}
