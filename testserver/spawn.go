package testserver

import (
	"bufio"
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"slices"
	"strings"
	"time"

	"grab/testserver/ledger"
)

// spawnGrace is how long a spawned server may take to end.
const spawnGrace = 5 * time.Second

// ready is the line that announces a server to programs.
type ready struct {
	Type string `json:"type"` // "ready"
	Addr string `json:"addr"`
	CA   string `json:"ca"` // PEM
}

// Announce writes the address of a server that has started: as text for people, or as
// one line of JSON with the certificate of the authority.
func (s *Server) Announce(w io.Writer, asJSON bool) error {
	if asJSON {
		return json.NewEncoder(w).Encode(ready{Type: "ready", Addr: s.Addr(), CA: string(s.CA())})
	}
	const text = "grab serve: ready at %s and %s\n" +
		"TLS authority: %s   ledger: %s   stop with Ctrl-C\n"
	_, err := fmt.Fprintf(w, text,
		s.URL("/"), s.TLSURL("/"), s.URL("/ca.pem"), s.URL("/ledger"))
	return err
}

// order is what a spawned server gets from its parent, through a pipe.
type order struct {
	Options Options
	Token   string // see [tokenField]
}

// Spawned is a server in a process of its own. Its processor time and memory therefore
// do not count as its client's.
type Spawned struct {
	Addr string // host:port, for HTTP and HTTPS
	CA   []byte // PEM of its authority

	cmd   *exec.Cmd
	in    io.Closer
	token string // what the server asks for before it shows its ledger
}

// Spawn runs command, which must call [ServeSpawned], and returns when the server is
// ready. The caller has to close it, but it also ends with this process. The Log of o
// is not passed on.
func Spawn(ctx context.Context, command []string, o Options) (*Spawned, error) {
	cmd := exec.Command(command[0], command[1:]...)
	cmd.Args[0] = os.Args[0]
	cmd.Env = slices.DeleteFunc(os.Environ(), isSetting)
	cmd.Stderr = os.Stderr
	cmd.WaitDelay = spawnGrace
	in, err := cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		// Without %w, as no file of the caller failed.
		return nil, fmt.Errorf("start the embedded server: %v", err)
	}
	s := &Spawned{cmd: cmd, in: in, token: rand.Text()}
	defer context.AfterFunc(ctx, func() { _ = cmd.Process.Kill() })()
	var r ready
	err = json.NewEncoder(in).Encode(order{o, s.token})
	if err == nil {
		err = json.NewDecoder(out).Decode(&r)
	}
	if err != nil {
		_ = cmd.Process.Kill()
		return nil, fmt.Errorf("start the embedded server: %w (%v)", err, s.Close())
	}
	s.Addr, s.CA = r.Addr, []byte(r.CA)
	return s, nil
}

// isSetting reports whether an entry of the environment is a setting of grab's. It may
// be a secret, such as GRAB_HEADER, and the server needs none.
func isSetting(entry string) bool { return strings.HasPrefix(entry, "GRAB_") }

// Reset forgets every request: see [Server.Reset].
func (s *Spawned) Reset(ctx context.Context) error {
	return s.ask(ctx, http.MethodPost, "/reset", func(io.Reader) error { return nil })
}

// Figures returns the server's ledger without its requests.
func (s *Spawned) Figures(ctx context.Context) (ledger.Ledger, error) {
	var l ledger.Ledger
	err := s.ask(ctx, http.MethodGet, "/ledger?requests=0", func(body io.Reader) error {
		return json.NewDecoder(body).Decode(&l)
	})
	return l, err
}

func (s *Spawned) ask(ctx context.Context, method, uri string, read func(io.Reader) error) error {
	req, err := http.NewRequestWithContext(ctx, method, "http://"+s.Addr+uri, nil)
	if err != nil {
		return err
	}
	req.Header.Set(tokenField, s.token)
	// No proxy, and no connection that stays open.
	client := http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	resp, err := client.Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	if resp.StatusCode >= 300 {
		return fmt.Errorf("%s %s: %s", method, uri, resp.Status)
	}
	return read(resp.Body)
}

// Close ends the server and waits for its process. It does nothing if s is nil.
func (s *Spawned) Close() error {
	if s == nil {
		return nil
	}
	_ = s.in.Close() // tells the server to end
	timer := time.AfterFunc(spawnGrace, func() { _ = s.cmd.Process.Kill() })
	defer timer.Stop()
	return s.cmd.Wait()
}

// ServeSpawned is the side of the spawned process. It reads the options from in,
// writes its address to out when it is ready, and serves until in ends.
func ServeSpawned(in io.Reader, out io.Writer) error {
	input := bufio.NewReader(in)
	line, err := input.ReadBytes('\n')
	if err != nil {
		return fmt.Errorf("read the options: %w", err)
	}
	var o order
	if err := json.Unmarshal(line, &o); err != nil {
		return fmt.Errorf("read the options: %w", err)
	}
	s, err := New(o.Options)
	if err != nil {
		return err
	}
	s.handler.admin.token = o.Token
	if err := s.Start(""); err != nil {
		return err
	}
	if err := s.Announce(out, true); err != nil {
		return err
	}
	_, _ = io.Copy(io.Discard, input)
	return s.Close()
}
