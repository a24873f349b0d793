package command

import (
	"github.com/urfave/cli/v2"

	"grab/config/setting"
	"grab/downloader"
	"grab/downloader/internal/machine"
	"grab/testserver"
)

// serverConnections is how many connections the embedded server has memory for before its
// collector runs often.
const serverConnections = 5000

// serve runs the embedded server until a signal.
func (p *program) serve(c *cli.Context) error {
	cfg, err := p.resolve(c, setting.Serve)
	if err != nil {
		return err
	}
	if err := p.loadPlan(cfg); err != nil {
		return err
	}
	opts := p.serverOptions(cfg)
	if cfg.Verbose {
		opts.Log = p.stderr
	}
	machine.TuneMemory(serverConnections, 0)
	server, err := testserver.New(opts)
	if err != nil {
		return err
	}
	if err := server.Start(cfg.Addr); err != nil {
		return &downloader.UsageError{Source: "-addr", Err: err}
	}
	defer server.Close()
	if !cfg.Quiet || cfg.JSON {
		if err := server.Announce(p.stdout, cfg.JSON); err != nil {
			return err
		}
	}
	return server.ShutdownAfter(c.Context, drainTime)
}
