package batch

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"unicode"

	"grab/downloader"
	"grab/downloader/internal/group"
)

// FilePlaceholder stands for the image's file in a command.
const FilePlaceholder = "{file}"

// Commands runs a command for each image that was fetched, as many at a time as there are
// processors. Images wait for it in a queue, so the run never does. It is a
// [downloader.Observer].
type Commands struct {
	words []string
	dir   string
	out   *os.File

	mu      sync.Mutex
	more    sync.Cond
	waiting []string // files
	closed  bool     // no more files come
	running sync.WaitGroup
	ran     int
	failed  int
	first   string // the first failure
}

// NewCommands returns a Commands for the images in dir. The words of the command have
// [FilePlaceholder] in them; no shell reads them. What the commands print goes to out. When ctx
// ends, no more are started. The caller calls End.
func NewCommands(ctx context.Context, words []string, dir string, out *os.File) *Commands {
	c := &Commands{words: words, dir: dir, out: out}
	c.more.L = &c.mu
	for range runtime.GOMAXPROCS(0) {
		c.running.Go(func() { c.work(ctx) })
	}
	return c
}

// Observe queues an image that was fetched.
func (c *Commands) Observe(r downloader.Result) {
	if r.Status != downloader.StatusOK {
		return
	}
	c.mu.Lock()
	c.waiting = append(c.waiting, r.File)
	c.mu.Unlock()
	c.more.Signal()
}

// work runs commands until there are no more.
func (c *Commands) work(ctx context.Context) {
	for {
		file, ok := c.next(ctx)
		if !ok {
			return
		}
		err := c.run(ctx, file)
		c.mu.Lock()
		c.ran++
		if err != nil {
			if c.failed++; c.failed == 1 {
				c.first = fmt.Sprintf("%s: %v", file, err)
			}
		}
		c.mu.Unlock()
	}
}

func (c *Commands) next(ctx context.Context) (file string, ok bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for len(c.waiting) == 0 && !c.closed {
		c.more.Wait()
	}
	if len(c.waiting) == 0 || ctx.Err() != nil {
		return "", false
	}
	file, c.waiting = c.waiting[0], c.waiting[1:]
	return file, true
}

func (c *Commands) run(ctx context.Context, file string) error {
	path := filepath.Join(c.dir, filepath.FromSlash(file))
	if strings.HasPrefix(path, "-") {
		path = "." + string(filepath.Separator) + path // or it would be a flag
	}
	words := make([]string, len(c.words))
	for i, word := range c.words {
		if word != FilePlaceholder && strings.Contains(word, FilePlaceholder) && isShell(c.words[0]) && !isPlainName(file) {
			return fmt.Errorf(`a shell would read its name as commands: write {file} as a word of its own, and "$0" for it`)
		}
		words[i] = strings.ReplaceAll(word, FilePlaceholder, path)
	}
	cmd := group.Command(ctx, words[0], words[1:]...)
	cmd.Stdout, cmd.Stderr = c.out, c.out
	err := cmd.Run()
	if ctx.Err() != nil && cmd.Process != nil {
		group.Kill(cmd)
	}
	return err
}

// isShell reports whether a program runs the words that it gets as commands.
func isShell(program string) bool {
	name := strings.TrimSuffix(strings.ToLower(filepath.Base(program)), ".exe")
	return slices.Contains([]string{"sh", "bash", "dash", "ash", "ksh", "zsh", "fish", "cmd", "powershell", "pwsh"}, name)
}

// isPlainName reports whether a shell takes a file's name as it is. Names may come from a
// list, and so from strangers.
func isPlainName(file string) bool {
	return !strings.ContainsFunc(file, func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !strings.ContainsRune("._-/", r)
	})
}

// End waits for the commands. It says how many failed or were not run, "" for none.
func (c *Commands) End() string {
	c.mu.Lock()
	c.closed = true
	c.mu.Unlock()
	c.more.Broadcast()
	c.running.Wait()
	text := ""
	if c.failed > 0 {
		text = fmt.Sprintf("-exec: %d of %d commands failed, e.g. for %s", c.failed, c.ran, c.first)
	}
	if left := len(c.waiting); left > 0 {
		text = strings.TrimPrefix(fmt.Sprintf("%s; -exec: %d images are left without their command", text, left), "; ")
	}
	return text
}
