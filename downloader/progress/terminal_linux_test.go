package progress

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"unicode/utf8"
	"unsafe"

	"grab/downloader/live"
)

// terminal is a pseudo-terminal with a number of columns. screen receives what was written to it,
// once it is closed.
type terminal struct {
	*os.File
	screen chan []byte
}

func newTerminal(t *testing.T, columns uint16) *terminal {
	t.Helper()
	master, err := os.OpenFile("/dev/ptmx", os.O_RDWR|syscall.O_NOCTTY, 0)
	if err != nil {
		t.Skip("no pseudo-terminal: ", err)
	}
	control := func(request uintptr, argument unsafe.Pointer) {
		if _, _, errno := syscall.Syscall(syscall.SYS_IOCTL, master.Fd(), request, uintptr(argument)); errno != 0 {
			t.Fatal(errno)
		}
	}
	var number, locked int32
	control(syscall.TIOCSPTLCK, unsafe.Pointer(&locked))
	control(syscall.TIOCGPTN, unsafe.Pointer(&number))
	size := [4]uint16{24, columns}
	control(syscall.TIOCSWINSZ, unsafe.Pointer(&size))
	slave, err := os.OpenFile(fmt.Sprintf("/dev/pts/%d", number), os.O_RDWR|syscall.O_NOCTTY, 0)
	if err != nil {
		t.Fatal(err)
	}
	tty := &terminal{slave, make(chan []byte, 1)}
	go func() {
		defer master.Close()
		data, _ := io.ReadAll(master) // ends with an error when the last slave is closed
		tty.screen <- data
	}()
	return tty
}

// Each frame fits into the width of its terminal. A frame that wraps would not be overwritten: a
// new one would appear below it ten times a second.
func TestBarFitsTheTerminal(t *testing.T) {
	escapes := regexp.MustCompile(`\x1b\[[0-9;?]*[A-Za-z]`)
	for _, columns := range []uint16{20, 40, 60, 80, 200} {
		for _, total := range []int64{0, 1_000_000} {
			tty := newTerminal(t, columns)
			d := Start(tty.File, Bar, "sequential, round 10", true, counters(total, 123_456, 789, 123_456_789))
			d.Stop()
			tty.Close()
			data := <-tty.screen
			frames := strings.FieldsFunc(escapes.ReplaceAllString(string(data), ""), func(r rune) bool { return r == '\r' || r == '\n' })
			if len(frames) == 0 || !bytes.HasSuffix(data, []byte("\n")) {
				t.Errorf("%d columns: %q", columns, data)
			}
			for _, frame := range frames {
				if width := utf8.RuneCountInString(strings.TrimRight(frame, " ")); width >= int(columns) { // some terminals wrap after the last column
					t.Errorf("a frame of %d columns on %d: %q", width, columns, frame)
					break // one is enough
				}
			}
		}
	}
}

// A terminal that does not know its width is taken to be 80 columns wide.
func TestColumns(t *testing.T) {
	for columns, want := range map[uint16]int{0: 80, 1: 1, 79: 79} {
		tty := newTerminal(t, columns)
		if got := Columns(tty.File); got != want {
			t.Errorf("%d columns: %d, want %d", columns, got, want)
		}
		tty.Close()
		<-tty.screen
	}
}

// A display without a bar sends no control sequences to a terminal, and lets it wrap long lines.
func TestPlainOnATerminal(t *testing.T) {
	tty := newTerminal(t, 10)
	d := Start(tty.File, Plain, "pool", true, &live.Counters{})
	d.Log("a line that is longer than the terminal is wide")
	d.Stop()
	tty.Close()
	if got := string(<-tty.screen); got != "a line that is longer than the terminal is wide\r\n" {
		t.Errorf("got %q", got)
	}
}
