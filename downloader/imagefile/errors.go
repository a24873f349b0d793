package imagefile

import (
	"errors"
	"fmt"
)

// Kind says what is wrong with a file. It is an error itself, so that callers can
// write errors.Is(err, ErrTruncated).
type Kind string

// The kinds. There are no others.
const (
	ErrTruncated     Kind = "truncated image" // the file ends before the image does
	ErrCorrupt       Kind = "corrupt image"   // damage inside the file
	ErrTooManyPixels Kind = "too many pixels" // more than the caller allows
)

// Error returns the kind's name.
func (k Kind) Error() string { return string(k) }

// Error describes what is wrong with a file. An error of any other type comes from
// the reader and says nothing about the file.
type Error struct {
	Kind   Kind
	Reason string // one line: "PNG: the CRC of chunk IDAT at byte 812 is wrong"
}

// Error returns the reason.
func (e *Error) Error() string { return e.Reason }

// Is reports whether target is the error's kind.
func (e *Error) Is(target error) bool {
	kind, ok := target.(Kind)
	return ok && kind == e.Kind
}

// isFileError reports whether err is about the file, and not the reader's own.
func isFileError(err error) bool {
	_, ok := errors.AsType[*Error](err)
	return ok
}

func (f Format) errorf(kind Kind, reason string, args ...any) *Error {
	return &Error{Kind: kind, Reason: f.String() + ": " + fmt.Sprintf(reason, args...)}
}
