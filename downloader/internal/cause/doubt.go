package cause

import (
	"errors"

	"grab/downloader"
	"grab/downloader/internal/http1"
)

// Doubtful reports whether a response on a used connection is worth the same request
// on a new one: it is not an image, and the server does not ask for patience.
func Doubtful(err error) bool {
	if errors.Is(err, http1.ErrSurplus) {
		return true
	}
	own, ok := errors.AsType[*downloader.Error](err)
	if !ok || own.RetryAfter > 0 {
		return false
	}
	switch own.Class {
	case downloader.ClassHTTP4xx, downloader.ClassEmpty, downloader.ClassNotImage, downloader.ClassProtocol,
		downloader.ClassRangeMismatch, downloader.ClassEncoding:
		return true
	}
	return false
}

// Surplus reports whether err says that a response may belong to another request.
func Surplus(err error) bool { return errors.Is(err, http1.ErrSurplus) }
