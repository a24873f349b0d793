package child

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"io"

	"grab/downloader"
	"grab/downloader/internal/work"
	"grab/downloader/live"
)

// WireVersion changes with every change of the frames. Parent and child are the
// same binary unless someone replaced it in between.
const WireVersion = 10

// maxFrame is the longest frame, in bytes: files of cookies, passwords and certificates
// have room in the options. It keeps garbage on a pipe from making the reader allocate a lot.
const maxFrame = 8 << 20

// frame is one message between parent and child. On the pipe it is its length, as four
// bytes in big-endian order, and then JSON with exactly one of these fields.
type frame struct {
	Hello *hello            `json:"hello,omitempty"` // parent: the first frame
	Job   *work.Job         `json:"job,omitempty"`   // parent: fetch this
	Drain *struct{}         `json:"drain,omitempty"` // parent: no new requests
	Ready *struct{}         `json:"ready,omitempty"` // child: the answer to hello
	Tick  *tick             `json:"tick,omitempty"`  // child: a sign of life during a job
	Done  *work.Outcome     `json:"done,omitempty"`  // child: the answer to a job
	Bye   *downloader.Usage `json:"bye,omitempty"`   // child: the last frame, after its input ended
}

// hello tells a child what it works for.
type hello struct {
	Version int                `json:"version"`
	Options downloader.Options `json:"options"`
}

// tick has the bytes of bodies received since the last tick or done, and the phase of
// the job.
type tick struct {
	Bytes int64      `json:"bytes"`
	Phase live.Phase `json:"phase"`
}

// fields returns how many fields are set.
func (f *frame) fields() int {
	n := 0
	for _, set := range []bool{f.Hello != nil, f.Job != nil, f.Drain != nil, f.Ready != nil, f.Tick != nil, f.Done != nil, f.Bye != nil} {
		if set {
			n++
		}
	}
	return n
}

// writeFrame writes f with one Write call.
func writeFrame(w io.Writer, f frame) error {
	var b bytes.Buffer
	b.Write(make([]byte, 4)) // room for the length
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false) // escapes would make URLs much longer
	if err := enc.Encode(f); err != nil {
		return err
	}
	length := b.Len() - 4
	if length > maxFrame {
		return fmt.Errorf("frame of %d bytes", length)
	}
	binary.BigEndian.PutUint32(b.Bytes(), uint32(length))
	_, err := w.Write(b.Bytes())
	return err
}

// readFrame reads one frame. It returns [io.EOF] only if the input ends between frames.
func readFrame(r io.Reader) (frame, error) {
	var head [4]byte
	if _, err := io.ReadFull(r, head[:]); err != nil {
		return frame{}, err
	}
	length := binary.BigEndian.Uint32(head[:])
	if length > maxFrame {
		return frame{}, fmt.Errorf("frame of %d bytes: not what a worker sends", length)
	}
	body := make([]byte, length)
	if _, err := io.ReadFull(r, body); err != nil {
		if err == io.EOF {
			err = io.ErrUnexpectedEOF
		}
		return frame{}, err
	}
	var f frame
	if err := json.Unmarshal(body, &f); err != nil {
		return frame{}, fmt.Errorf("frame: %w", err)
	}
	if f.fields() != 1 {
		return frame{}, fmt.Errorf("frame with %d messages", f.fields())
	}
	return f, nil
}
