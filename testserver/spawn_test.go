package testserver

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"grab/testserver/ledger"
)

// asSpawned makes the test binary act as another program: see TestSpawnedPrograms.
const asSpawned = "GRAB_TESTSERVER_SPAWNED"

// spawning returns the command that runs this test binary as one of the
// programs of TestSpawnedPrograms.
func spawning(t *testing.T, program string) []string {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	return []string{"/usr/bin/env", asSpawned + "=" + program, "GORACE=atexit_sleep_ms=0", self, "-test.run=^TestSpawnedPrograms$"}
}

// TestSpawnedPrograms is not a test, but the programs that the tests below spawn. It ends
// the process itself, before the testing package prints anything.
func TestSpawnedPrograms(t *testing.T) {
	switch os.Getenv(asSpawned) {
	case "server":
		if err := ServeSpawned(os.Stdin, os.Stdout); err != nil {
			_, _ = os.Stderr.WriteString(err.Error())
			os.Exit(1)
		}
	case "dies":
		os.Exit(7)
	case "mute": // reads its options, and never becomes ready
		_, _ = io.Copy(io.Discard, os.Stdin)
	case "parent": // spawns a server, prints its address, and is killed
		s, err := Spawn(context.Background(), spawning(t, "server"), Options{})
		if err != nil {
			os.Exit(1)
		}
		_ = json.NewEncoder(os.Stdout).Encode([]string{s.Addr, s.token})
		select {}
	default:
		t.Skip("run by the other tests, as a child")
	}
	os.Exit(0)
}

func spawn(t *testing.T, o Options) *Spawned {
	t.Helper()
	s, err := Spawn(soon(t), spawning(t, "server"), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}

func ledgerOf(t *testing.T, addr, token string) (l ledger.Ledger) {
	t.Helper()
	s := Spawned{Addr: addr, token: token}
	if err := s.ask(soon(t), http.MethodGet, "/ledger", func(body io.Reader) error { return json.NewDecoder(body).Decode(&l) }); err != nil {
		t.Fatal(err)
	}
	return l
}

func oneRequestClient(t *testing.T) *http.Client {
	tr := &http.Transport{DisableKeepAlives: true}
	t.Cleanup(tr.CloseIdleConnections)
	return &http.Client{Transport: tr}
}

// A spawned server has the given options, and the images of any other server with the same
// seed. Reset empties its ledger, and Close ends it.
func TestSpawn(t *testing.T) {
	s := spawn(t, Options{Seed: 7})
	here, client := start(t, Options{Seed: 7}), oneRequestClient(t)
	there := get(t, client, "http://"+s.Addr+"/image/3.jpg")
	if string(there.data) != string(get(t, client, here.URL("/image/3.jpg")).data) {
		t.Error("not the image of the seed")
	}
	if !strings.HasPrefix(string(s.CA), "-----BEGIN CERTIFICATE-----") {
		t.Errorf("CA: %q", s.CA)
	}
	if l := ledgerOf(t, s.Addr, s.token); l.Total != 1 || l.Count("/image/3.jpg") != 1 {
		t.Errorf("ledger %+v", l)
	}
	if l, err := s.Figures(soon(t)); err != nil || l.Total != 1 || l.Connections != 1 || l.PeakInFlight != 1 || len(l.Requests) > 0 {
		t.Errorf("figures %+v, %v", l, err)
	}
	if err := s.Reset(soon(t)); err != nil {
		t.Fatal(err)
	}
	if l := ledgerOf(t, s.Addr, s.token); l.Total != 0 {
		t.Errorf("after the reset: %+v", l)
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
	refused(t, s.Addr)
	if err := s.Reset(soon(t)); err == nil {
		t.Error("a closed server was reset")
	}
}

// The ledger of a spawned server has secrets of its parent's user. No other program gets
// it, and none empties it.
func TestSpawnedToken(t *testing.T) {
	s := spawn(t, Options{})
	get(t, oneRequestClient(t), "http://"+s.Addr+"/image/3.jpg")
	for _, token := range []string{"", "x", s.token[1:], s.token + "x"} {
		other := Spawned{Addr: s.Addr, token: token}
		if _, err := other.Figures(soon(t)); err == nil || !strings.Contains(err.Error(), "403") {
			t.Errorf("with the token %q: %v", token, err)
		}
		if err := other.Reset(soon(t)); err == nil {
			t.Errorf("reset with the token %q", token)
		}
	}
	if l := ledgerOf(t, s.Addr, s.token); l.Total != 1 {
		t.Errorf("ledger %+v", l)
	}
}

// A spawned server does not inherit grab's settings, which may be secrets.
func TestSpawnedEnvironment(t *testing.T) {
	t.Setenv("GRAB_HEADER", "Authorization: s3cret")
	said, err := os.CreateTemp(t.TempDir(), "")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = said.Close() }()
	if s, err := Spawn(soon(t), []string{"/bin/sh", "-c", "env >" + said.Name()}, Options{}); err == nil {
		t.Error("env is no server")
		_ = s.Close()
	}
	if env, err := os.ReadFile(said.Name()); err != nil || len(env) == 0 || strings.Contains(string(env), "s3cret") {
		t.Errorf("%q, %v", env, err)
	}
}

// refused checks that nothing listens on addr.
func refused(t *testing.T, addr string) {
	t.Helper()
	if conn, err := net.DialTimeout("tcp", addr, time.Minute); err == nil {
		conn.Close()
		t.Errorf("%s still listens", addr)
	}
}

// The server ends with its parent, even if that was killed. Both have the write end of a
// pipe as standard error, so the pipe ends when the last of them does.
func TestSpawnedEndsWithItsParent(t *testing.T) {
	command := spawning(t, "parent")
	parent := exec.CommandContext(soon(t), command[0], command[1:]...)
	alive, stderr, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer alive.Close()
	parent.Stderr = stderr
	out, err := parent.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(parent.Start(), stderr.Close()); err != nil {
		t.Fatal(err)
	}
	var said [2]string
	if err := json.NewDecoder(out).Decode(&said); err != nil {
		t.Fatal(err)
	}
	if l := ledgerOf(t, said[0], said[1]); l.Total != 0 {
		t.Errorf("ledger %+v", l)
	}
	if err := parent.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = parent.Wait()
	if err := alive.SetReadDeadline(time.Now().Add(time.Minute)); err != nil {
		t.Fatal(err)
	}
	if said, err := io.ReadAll(alive); err != nil || len(said) > 0 {
		t.Errorf("the server lives on: %v, it says %q", err, said)
	}
}

// A program that is not a server is an error, and nothing of it stays behind.
func TestSpawnFails(t *testing.T) {
	for program, command := range map[string][]string{
		"dies":      spawning(t, "dies"),
		"not there": {t.TempDir() + "/nothing"},
		"no server": {"/bin/echo", "hello"},
	} {
		if s, err := Spawn(soon(t), command, Options{}); err == nil {
			t.Errorf("%s: no error", program)
			_ = s.Close()
		} else if program == "dies" && !strings.Contains(err.Error(), "exit status 7") {
			t.Errorf("%s: the error does not tell how: %v", program, err)
		}
	}
	if s, err := Spawn(soon(t), spawning(t, "server"), Options{Latency: -1}); err == nil {
		t.Error("options that are not valid")
		_ = s.Close()
	}
}

// Waiting for a server that is never ready ends with the context.
func TestSpawnInterrupted(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if s, err := Spawn(ctx, spawning(t, "mute"), Options{}); err == nil {
		t.Error("no error")
		_ = s.Close()
	}
}

func TestServeSpawned(t *testing.T) {
	for _, input := range []string{"", "{}", "no JSON\n", `{"Options":{"Latency":-1}}` + "\n"} {
		var out strings.Builder
		if err := ServeSpawned(strings.NewReader(input), &out); err == nil || out.Len() > 0 {
			t.Errorf("%q: %v, said %q", input, err, out.String())
		}
	}
}
