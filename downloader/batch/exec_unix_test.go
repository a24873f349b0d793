//go:build unix

package batch

import (
	"bufio"
	"context"
	"io"
	"os"
	"strings"
	"testing"

	"grab/downloader"
)

func fetched(file string) downloader.Result {
	return downloader.Result{Status: downloader.StatusOK, File: file}
}

// After an interrupt, neither the command nor what it has started goes on, and no other
// command begins.
func TestCommandsEndWithTheirChildren(t *testing.T) {
	out, in, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	c := NewCommands(ctx, []string{"sh", "-c", "sleep 1000 & echo started; wait", "{file}"}, t.TempDir(), in)
	const images = 1000
	for range images {
		c.Observe(fetched("image_0.jpg"))
	}
	lines := bufio.NewReader(out)
	if line, err := lines.ReadString('\n'); line != "started\n" {
		t.Fatal(line, err)
	}
	cancel()
	left := c.End()
	if !strings.Contains(left, "images are left without their command") {
		t.Errorf("%q", left)
	}
	in.Close()
	if _, err := io.ReadAll(lines); err != nil { // ends with the last process that has the pipe
		t.Error(err)
	}
}

// The settings of grab in the environment may be secrets.
func TestCommandsGetNoSettings(t *testing.T) {
	t.Setenv("GRAB_HEADER", "Authorization: secret")
	t.Setenv("KEPT", "kept")
	out, in, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	c := NewCommands(t.Context(), []string{"sh", "-c", `echo "$KEPT$GRAB_HEADER"; cat; echo "$0"`, "{file}"}, "", in)
	c.Observe(fetched("-rf.jpg"))
	c.Observe(downloader.Result{Status: downloader.StatusSkipped, File: "image_1.jpg"})
	if left := c.End(); left != "" {
		t.Error(left)
	}
	in.Close()
	if said, err := io.ReadAll(out); string(said) != "kept\n./-rf.jpg\n" {
		t.Errorf("%q %v", said, err)
	}
}

// What has failed is counted, and named once.
func TestCommandsThatFail(t *testing.T) {
	for words, want := range map[string]string{
		`exit 0`:           "",
		`test "$0" = ./-a`: "-exec: 1 of 2 commands failed, e.g. for image_0.jpg: exit status 1",
		`exit 3`:           "-exec: 2 of 2 commands failed, e.g. for ",
	} {
		c := NewCommands(t.Context(), []string{"sh", "-c", words, "{file}"}, "", os.Stderr)
		c.Observe(fetched("image_0.jpg"))
		c.Observe(fetched("-a"))
		if got := c.End(); !strings.HasPrefix(got, want) || (got == "") != (want == "") {
			t.Errorf("%s: %q, want %q", words, got, want)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	c := NewCommands(ctx, []string{"sh", "-c", "exit 1", "{file}"}, "", os.Stderr)
	c.Observe(fetched("image_0.jpg"))
	if got, want := c.End(), "-exec: 1 images are left without their command"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

// A command that is interrupted may still say goodbye.
func TestCommandsAreInterrupted(t *testing.T) {
	out, in, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	c := NewCommands(ctx, []string{"sh", "-c", `trap 'echo bye; exit' INT; echo started; sleep 1000 & wait`, "{file}"}, "", in)
	c.Observe(fetched("image_0.jpg"))
	lines := bufio.NewReader(out)
	if line, err := lines.ReadString('\n'); line != "started\n" {
		t.Fatal(line, err)
	}
	cancel()
	c.End()
	in.Close()
	if rest, err := io.ReadAll(lines); string(rest) != "bye\n" || err != nil {
		t.Errorf("%q, %v", rest, err)
	}
}
