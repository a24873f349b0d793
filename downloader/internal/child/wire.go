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

// wireVersion changes with every change of the frames. Parent and child are the
// same binary unless someone replaced it in between.
const WireVersion = 4

// maxFrame bounds a frame's length in bytes, so that garbage on a pipe cannot
// make its reader allocate much.
const maxFrame = 1 << 20

// frame is one message on the pipe between parent and child: its length as four
// bytes, the highest first, then JSON with exactly one of these fields.
type frame struct {
	Hello *hello            `json:"hello,omitempty"` // parent: the first frame
	Job   *work.Job         `json:"job,omitempty"`   // parent: fetch this
	Drain *struct{}         `json:"drain,omitempty"` // parent: no new requests
	Ready *struct{}         `json:"ready,omitempty"` // child: the answer to hello
	Tick  *tick             `json:"tick,omitempty"`  // child: alive, now and then during a job
	Done  *work.Outcome     `json:"done,omitempty"`  // child: the answer to a job
	Bye   *downloader.Usage `json:"bye,omitempty"`   // child: the last frame, after its input ended
}

type hello struct {
	Version int                `json:"version"`
	Options downloader.Options `json:"options"`
}

// tick carries the body bytes received since the last tick or done, and what
// the job is at.
type tick struct {
	Bytes int64      `json:"bytes"`
	Phase live.Phase `json:"phase"`
}

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
	b.Write(make([]byte, 4)) // the length, once it is known
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false) // which would blow up URLs
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

// readFrame reads one frame. It returns io.EOF only at the border of two frames.
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
