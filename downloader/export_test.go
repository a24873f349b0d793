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
	return d.runWith(ctx, src, func(ctx context.Context, stager *stager, drain <-chan struct{}) (*crew, error) {
		c, err := d.hire(ctx, stager, drain)
		if err == nil {
			f := c.executors[0].(*fetcher) // which all executors are
			f.client.Transport.(*watchdog).base.open.plain.Dial = func(context.Context, string, string) (net.Conn, error) { return dial() }
		}
		return c, err
	})
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
