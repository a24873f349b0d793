package downloader

import (
	"fmt"
	"time"

	"grab/downloader/internal/sanitize"
)

// HostChange is what has become of a host.
type HostChange string

// The changes.
const (
	HostRetry   HostChange = "retry"    // one of its images is to be requested once more
	HostHeld    HostChange = "held"     // it is left alone for a time
	HostSlower  HostChange = "slower"   // fewer of its images are requested at once
	HostBack    HostChange = "back"     // it answers again
	HostGivenUp HostChange = "given-up" // its images wait for one more try at the end of the run
)

// HostEvent tells of a host that does not deliver as before, and what grab does about it.
type HostEvent struct {
	Time   time.Time     `json:"time"`
	Host   string        `json:"host"` // the origin: scheme, name and port
	Change HostChange    `json:"change"`
	Class  Class         `json:"class"`              // of its last failure
	Reason string        `json:"reason"`             // the text of that
	Wait   time.Duration `json:"-"`                  // until it is asked again; if slower: between two requests
	Limit  int           `json:"limit"`              // images that may be requested at once
	Images int           `json:"images"`             // that wait for it
	URL    string        `json:"url,omitempty"`      // of the image, if retry
	Tried  int           `json:"attempts,omitempty"` // of the image so far
}

// HostState describes a host that is left alone for now.
type HostState struct {
	Host     string
	Class    Class
	Reason   string        // of its last failure
	Failures int           // in a row
	Images   int           // that wait for it
	Next     time.Duration // until it is asked again
}

// HostObserver is an [Observer] that wants to know what becomes of the hosts. The run
// calls ObserveHost from the goroutine that calls Observe.
type HostObserver interface {
	ObserveHost(HostEvent)
}

// String describes the event in one line.
func (e HostEvent) String() string {
	text := fmt.Sprintf("host %s: ", e.Host)
	switch e.Change {
	case HostRetry:
		text = fmt.Sprintf("%s: attempt %d in %v or later: %s", e.URL, e.Tried+1, e.Wait.Round(time.Millisecond), e.Reason)
	case HostHeld:
		text += fmt.Sprintf("left alone for %v%s: %s", e.Wait.Round(time.Millisecond), e.waiting(), e.Reason)
	case HostSlower:
		text += fmt.Sprintf("at most %d at a time", e.Limit)
		if e.Wait > 0 {
			text += fmt.Sprintf(", %v apart", e.Wait.Round(time.Millisecond))
		}
		text += ": " + e.Reason
	case HostBack:
		text += "answers again"
	case HostGivenUp:
		text += fmt.Sprintf("given up until the end of the run%s: %s", e.waiting(), e.Reason)
	}
	return sanitize.Text(text, sanitize.MaxError)
}

func (e HostEvent) waiting() string {
	if e.Images == 0 {
		return ""
	}
	return fmt.Sprintf(" (images waiting: %d)", e.Images)
}

// String describes the host in one line.
func (h HostState) String() string {
	return sanitize.Text(fmt.Sprintf("host %s: images waiting: %d, next try in %v; failures in a row: %d, the last: %s",
		h.Host, h.Images, max(h.Next, 100*time.Millisecond).Round(100*time.Millisecond), h.Failures, h.Reason), sanitize.MaxError)
}
