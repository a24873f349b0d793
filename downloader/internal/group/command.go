// Package group starts programs that are not grab, in process groups of their own, so that what
// they start can be ended with them.
package group

import (
	"context"
	"os"
	"os/exec"
	"slices"
	"strings"
	"time"
)

// killDelay is how long an interrupted program may take to end by itself.
const killDelay = 5 * time.Second

// Command returns the command of a program with arguments, in a process group of its own. The
// end of ctx interrupts the group, and kills the program if it does not end. The program does
// not get grab's own variables, which may be secrets.
func Command(ctx context.Context, program string, arguments ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, program, arguments...)
	cmd.Env = slices.DeleteFunc(os.Environ(), func(entry string) bool { return strings.HasPrefix(entry, "GRAB_") })
	setGroup(cmd)
	cmd.Cancel = func() error { return interrupt(cmd) }
	cmd.WaitDelay = killDelay
	return cmd
}
