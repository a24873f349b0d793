package child

import (
	"bytes"
	"encoding/binary"
	"encoding/gob"
	"errors"
	"fmt"
	"io"

	"grab/downloader"
	"grab/downloader/internal/work"
	"grab/downloader/live"
)

// WireVersion changes with every change of the frames. Parent and child are the
// same binary unless someone replaced it in between.
const WireVersion = 13

// maxFrame is the longest frame, in bytes: files of cookies, passwords and certificates
// have room in the options. It keeps garbage on a pipe from making the reader allocate a lot.
const maxFrame = 8 << 20

// order is a message of the parent. One field of it is set.
type order struct {
	Hello *hello    // the first
	Job   *work.Job // fetch this
	Drain bool      // no new requests
}

// report is a message of the child. One field of it is set.
type report struct {
	Ready bool              // the answer to hello
	Tick  *tick             // a sign of life during a job
	Done  *work.Outcome     // the answer to a job
	Bye   *downloader.Usage // the last, after the child's input ended
}

// hello tells a child what it works for.
type hello struct {
	Version int
	Options downloader.Options
}

// tick has the bytes of bodies received since the last tick or done, and the phase of
// the job.
type tick struct {
	Bytes int64
	Phase live.Phase
}

// encoder writes messages to a pipe, each as a frame: its length, as four bytes in
// big-endian order, and then the message as encoding/gob writes it. The first frame with a
// type describes its fields; later ones have numbers for them.
type encoder struct {
	out   io.Writer
	frame bytes.Buffer
	gob   *gob.Encoder // writes to frame
}

func newEncoder(out io.Writer) *encoder {
	e := &encoder{out: out}
	e.gob = gob.NewEncoder(&e.frame)
	return e
}

// write writes a message with one Write call. After an error the pipe is of no use.
func (e *encoder) write(message any) error {
	e.frame.Reset()
	e.frame.Write(make([]byte, 4)) // room for the length
	if err := e.gob.Encode(message); err != nil {
		return err
	}
	length := e.frame.Len() - 4
	if length > maxFrame {
		return fmt.Errorf("frame of %d bytes", length)
	}
	binary.BigEndian.PutUint32(e.frame.Bytes(), uint32(length))
	_, err := e.out.Write(e.frame.Bytes())
	return err
}

// decoder reads what an encoder writes.
type decoder struct {
	in    io.Reader
	frame bytes.Buffer
	gob   *gob.Decoder // reads from frame
}

func newDecoder(in io.Reader) *decoder {
	d := &decoder{in: in}
	d.gob = gob.NewDecoder(&d.frame)
	return d
}

// read reads a message, whose fields are zero before. It returns [io.EOF] only if the
// input ends between two frames.
func (d *decoder) read(message any) error {
	var head [4]byte
	if _, err := io.ReadFull(d.in, head[:]); err != nil {
		return err
	}
	length := int64(binary.BigEndian.Uint32(head[:]))
	if length > maxFrame {
		return fmt.Errorf("frame of %d bytes: not what a worker sends", length)
	}
	d.frame.Reset()
	if _, err := io.CopyN(&d.frame, d.in, length); err != nil {
		if err == io.EOF {
			err = io.ErrUnexpectedEOF
		}
		return err
	}
	if err := d.gob.Decode(message); err != nil {
		return errors.New("frame: " + err.Error()) // io.EOF is not the end of the input here
	}
	if d.frame.Len() > 0 {
		return fmt.Errorf("frame with %d bytes too many", d.frame.Len())
	}
	return nil
}
