//go:build !unix

package faults

import (
	"errors"
	"io"
)

// silentAddr is not possible here: other systems than Unix refuse connections when the queue is
// full.
func silentAddr(string) (io.Closer, string, error) {
	return nil, "", errors.ErrUnsupported
}
