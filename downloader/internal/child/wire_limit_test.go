package child

import (
	"bytes"
	"encoding/binary"
	"strings"
	"testing"
)

// TestFrameOverTheLimit checks that a frame is refused for its length alone.
func TestFrameOverTheLimit(t *testing.T) {
	for length, fits := range map[int]bool{maxFrame: true, maxFrame + 1: false} {
		message := `{"ready":{}` + strings.Repeat(" ", length-len(`{"ready":{}}`)) + "}"
		data := append(binary.BigEndian.AppendUint32(nil, uint32(length)), message...)
		if _, err := readFrame(bytes.NewReader(data)); (err == nil) != fits {
			t.Errorf("a frame of %d bytes: %v", length, err)
		}
	}
}
