//go:build unix

package signals

import (
	"context"
	"errors"
	"os"
	"os/signal"
	"syscall"
	"testing"
)

// TestContext sends this process a signal, and then another SIGHUP, as a shell that exits and
// the system do.
func TestContext(t *testing.T) {
	hup := make(chan os.Signal, 9) // so that the test knows when a signal has come
	signal.Notify(hup, syscall.SIGHUP)
	defer signal.Stop(hup)
	for sig, code := range map[syscall.Signal]int{syscall.SIGINT: 130, syscall.SIGTERM: 143, syscall.SIGHUP: 143} {
		ctx, stop := Context(t.Context())
		if err := syscall.Kill(os.Getpid(), sig); err != nil {
			t.Fatal(err)
		}
		<-ctx.Done()
		cause, ok := errors.AsType[Interrupted](context.Cause(ctx))
		if !ok || cause.Signal != os.Signal(sig) || cause.ExitCode() != code || cause.Error() != "interrupted" {
			t.Errorf("%v: %v, exit code %d, want %d", sig, context.Cause(ctx), cause.ExitCode(), code)
		}
		if err := syscall.Kill(os.Getpid(), syscall.SIGHUP); err != nil {
			t.Fatal(err)
		}
		if <-hup; sig == syscall.SIGHUP {
			<-hup
		}
		stop()
	}
	ctx, stop := Context(t.Context())
	read, write, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	_ = read.Close()
	if _, err := write.Write([]byte("x")); !errors.Is(err, syscall.EPIPE) {
		t.Errorf("%v", err)
	}
	_ = write.Close()
	if stop(); !errors.Is(context.Cause(ctx), context.Canceled) {
		t.Errorf("%v", context.Cause(ctx))
	}
	asked, end := Questions()
	if err := syscall.Kill(os.Getpid(), syscall.SIGQUIT); err != nil {
		t.Fatal(err)
	}
	if sig := <-asked; sig != os.Signal(syscall.SIGQUIT) {
		t.Errorf("%v", sig)
	}
	end()
}
