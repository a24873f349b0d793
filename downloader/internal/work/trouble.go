package work

import (
	"errors"
	"syscall"
	"time"

	"grab/downloader"
	"grab/downloader/live"
)

// TroubleOf returns what the failure of an image says about its host. It returns nil if
// it says nothing and there is no other attempt.
func TroubleOf(err *downloader.Error, again bool, wait time.Duration) *Trouble {
	if !again && !err.OfHost() {
		return nil
	}
	return &Trouble{OfHost: err.OfHost(), Offline: offline(err), Again: again, Wait: wait, Asked: err.RetryAfter}
}

// offline reports whether err may mean that this machine has no network.
func offline(err *downloader.Error) bool {
	switch err.Class {
	case downloader.ClassDNS, downloader.ClassTimeoutConnect:
		return true
	case downloader.ClassConnect:
		return !errors.Is(err, syscall.ECONNREFUSED)
	}
	return false
}

// NoAnswer reports whether err says that a host did not answer, or asked for a pause.
// A body that broke off does not count: its image is requested again at once.
func NoAnswer(err *downloader.Error) bool {
	return !SlowBody(err) && err.Class != downloader.ClassTruncated && err.OfHost() && err.Op != live.PhaseBody.String()
}

// SlowBody reports whether err says that a body stopped, or came too slowly.
func SlowBody(err *downloader.Error) bool {
	return err.Class == downloader.ClassStall || err.Class == downloader.ClassSlow
}
