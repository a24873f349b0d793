package command

import (
	"context"
	"os"

	"github.com/urfave/cli/v2"

	"grab/downloader/internal/child"
	"grab/downloader/internal/machine"
	"grab/downloader/signals"
	"grab/testserver"
)

// worker is a child process: a worker of -mode process or, with the argument
// "serve", the embedded server of -local. Its parent ends it by closing its input.
// The terminal's signals are for the parent.
func (p *program) worker(c *cli.Context) error {
	signals.LeaveToParent()
	out := p.stdout
	os.Stdout = os.Stderr // so that a stray print does not reach the parent's pipe
	if c.Args().First() == "serve" {
		machine.TuneMemory(serverConnections, 0)
		return testserver.ServeSpawned(p.stdin, out)
	}
	return child.Serve(context.WithoutCancel(c.Context), p.stdin, out)
}
