package work

import (
	"time"

	"grab/downloader"
	"grab/downloader/live"
)

// troubleOf returns what the failure of an image says about its host, or nil.
func TroubleOf(err *downloader.Error, again bool, wait time.Duration) *Trouble {
	if !err.OfHost() {
		return nil
	}
	return &Trouble{Again: again, Wait: wait, Asked: err.RetryAfter}
}

// unanswered reports whether err is a host's failure to answer, or its wish to be
// left alone. A body that broke off is not: its image is asked for again at once.
func NoAnswer(err *downloader.Error) bool {
	return !SlowBody(err) && err.Class != downloader.ClassTruncated && err.OfHost() && err.Op != live.PhaseBody.String()
}

// silent reports whether err is a body that took its time and did not come.
func SlowBody(err *downloader.Error) bool {
	return err.Class == downloader.ClassStall || err.Class == downloader.ClassSlow
}
