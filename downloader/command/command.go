// Package command is the command line of grab: its commands, its streams and its
// exit codes. It connects the other packages and decides little itself.
package command

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"os"
	"runtime/debug"
	"strings"

	"github.com/urfave/cli/v2"

	"grab/config"
	"grab/config/args"
	"grab/config/help"
	"grab/config/setting"
	"grab/downloader"
	"grab/downloader/internal/machine"
	"grab/downloader/internal/sanitize"
	"grab/downloader/progress"
	"grab/downloader/signals"
)

// Main runs the command that args name, the program's name first, and returns the
// exit code. The child processes that it starts run this same program.
func Main(words []string, stdin, stdout, stderr *os.File) int {
	log.SetOutput(io.Discard) // net/http logs there what servers do wrong
	machine.TuneMemory(1, 0)
	ctx, stop := signals.Context(context.Background())
	defer stop()
	p := &program{
		stdin: stdin, stdout: stdout, stderr: stderr,
		said: forPeople(stderr, os.Getenv), shown: forPeople(stdout, os.Getenv),
	}
	if len(words) > 1 && words[1] == "__complete" { // its flags are not to be parsed
		err := help.Complete(stdout, words[2:], config.Settings())
		p.explain(err)
		return p.exitCode(ctx, err)
	}
	help.Wrap(progress.Columns(stdout))
	app := config.App(thisBuild(debug.ReadBuildInfo()), map[setting.Command]cli.ActionFunc{
		setting.Download: p.download, setting.Compare: p.compare, setting.Report: p.report, setting.Serve: p.serve,
		setting.Status: p.status, setting.Check: p.check, setting.Show: p.settings,
	}, p.worker)
	app.Writer, app.ErrWriter = stdout, stderr
	words, err := args.Reorder(words, app)
	if err == nil {
		err = app.RunContext(ctx, words)
	}
	p.explain(err)
	return p.exitCode(ctx, err)
}

// explain says what a command failed with. Who closed standard output knows that, unless a
// download stopped because of it.
func (p *program) explain(err error) {
	switch {
	case err == nil, p.silent, closedPipe(err, p.stdout) && !errors.Is(err, downloader.ClassIO):
	case closedPipe(err, p.stdout):
		fmt.Fprintln(p.said, "grab: stopped early, because standard output was closed; the same command goes on from here")
	default:
		fmt.Fprintln(p.said, "grab:", shown(err))
	}
}

// shown returns the text of an error in one line that is harmless in a terminal. Paths,
// and whatever a file or a server says, may be part of it.
func shown(err error) string {
	text := strings.ReplaceAll(err.Error(), "\n", "; ")
	return sanitize.Text(text, 8*len(text))
}
