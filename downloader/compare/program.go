package compare

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"grab/downloader/internal/group"
	"grab/downloader/internal/machine"
	"grab/downloader/report"
)

// Placeholders in a program's command.
const (
	listPlaceholder = "{list}" // a file with a URL on each line
	caPlaceholder   = "{ca}"   // a file with the authority of the embedded server's certificates
)

// Program is another program that takes part in a comparison. It works in an empty directory, and
// its work is what files it leaves there. If the embedded server answers for every host, the
// program's list has the server's own address in place of the hosts.
type Program struct {
	Name  string
	Words []string // the command; no shell reads it
}

const (
	// The memory of a program is measured often at first, since its run may be short.
	firstSample = time.Millisecond
	sampleEvery = 50 * time.Millisecond
	// maxComplaint bounds what is quoted of a program's standard error, in bytes.
	maxComplaint = 300
)

// NewProgram returns a Program for the words of a command. Words that name a file of the current
// directory become full paths, since the program runs in another one.
func NewProgram(name string, words []string) (Program, error) {
	path, err := exec.LookPath(words[0])
	if err == nil {
		path, err = filepath.Abs(path)
	}
	if err != nil {
		return Program{}, err
	}
	full := []string{path}
	for _, word := range words[1:] {
		if _, err := os.Stat(word); err == nil {
			if word, err = filepath.Abs(word); err != nil {
				return Program{}, err
			}
		}
		full = append(full, word)
	}
	return Program{name, full}, nil
}

// command returns the command of the program, and writes the files that it is to read to scratch:
// the URLs, and the authority to trust, if there is one.
func (p *Program) command(ctx context.Context, workers int, scratch string, urls, authority []byte) (*exec.Cmd, error) {
	list, ca := filepath.Join(scratch, "urls.txt"), filepath.Join(scratch, "ca.pem")
	err := os.WriteFile(list, urls, 0o666)
	cmd := group.Command(ctx, p.Words[0])
	if len(authority) > 0 {
		err = errors.Join(err, os.WriteFile(ca, authority, 0o666))
		for _, variable := range []string{"SSL_CERT_FILE", "CURL_CA_BUNDLE", "REQUESTS_CA_BUNDLE"} {
			cmd.Env = append(cmd.Env, variable+"="+ca)
		}
	}
	replace := strings.NewReplacer(listPlaceholder, list, caPlaceholder, ca, report.WorkersPlaceholder, strconv.Itoa(workers))
	for _, word := range p.Words[1:] {
		cmd.Args = append(cmd.Args, replace.Replace(word))
	}
	return cmd, err
}

// measured runs a command, and returns the most memory that it and what it started had at a time.
func measured(cmd *exec.Cmd) (peak int64, err error) {
	if err := cmd.Start(); err != nil {
		return 0, err
	}
	done, sampled := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(sampled)
		for wait := firstSample; ; wait = min(2*wait, sampleEvery) {
			peak = max(peak, machine.TreeRSS(cmd.Process.Pid))
			select {
			case <-done:
				return
			case <-time.After(wait):
			}
		}
	}()
	err = cmd.Wait()
	close(done)
	<-sampled
	return peak, err
}

// lastLine returns the last line of what a program wrote to its standard error, or "".
func lastLine(file *os.File) string {
	size, err := file.Seek(0, io.SeekEnd)
	if err != nil {
		return ""
	}
	end := make([]byte, min(size, maxComplaint))
	if _, err := file.ReadAt(end, size-int64(len(end))); err != nil {
		return ""
	}
	lines := bytes.Split(bytes.TrimSpace(end), []byte("\n"))
	return string(lines[len(lines)-1])
}
