//go:build !unix

package faults

import (
	"errors"
	"io"
)

// deaf is not possible here: systems other than Unix refuse what does not fit
// in a queue.
func deaf(string) (io.Closer, string, error) {
	return nil, "", errors.ErrUnsupported
}
