package imagefile

import (
	"errors"
	"fmt"
)

// Kind says what is wrong with a file: one of a closed set. A Kind is an error so
// that errors.Is(err, ErrTruncated) holds.
type Kind string

// The kinds.
const (
	ErrTruncated     Kind = "truncated image" // ends before the image does
	ErrCorrupt       Kind = "corrupt image"   // damage inside
	ErrTooManyPixels Kind = "too many pixels" // more than the caller allows
)

// Error returns the kind's name.
func (k Kind) Error() string { return string(k) }

// Error is what is wrong with a file. An error of another type comes from the
// reader, and says nothing about the file.
type Error struct {
	Kind   Kind
	Reason string // in one line: "PNG: the CRC of chunk IDAT at byte 812 is wrong"
}

// Error returns the reason.
func (e *Error) Error() string { return e.Reason }

// Is reports whether target is the error's kind.
func (e *Error) Is(target error) bool {
	kind, ok := target.(Kind)
	return ok && kind == e.Kind
}

// damaged reports whether err is about the file, and not the reader's own.
func damaged(err error) bool {
	_, ok := errors.AsType[*Error](err)
	return ok
}

func (f Format) errorf(kind Kind, reason string, args ...any) *Error {
	return &Error{Kind: kind, Reason: fmt.Sprintf("%v: "+reason, append([]any{f}, args...)...)}
}
