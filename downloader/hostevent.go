package downloader

import "time"

// HostChange is what has become of a host.
type HostChange string

// The changes.
const (
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
	Class  Class         `json:"class"`  // of its last failure
	Reason string        `json:"reason"` // the text of that
	Wait   time.Duration `json:"-"`      // until it is asked again; if slower: between two requests
	Limit  int           `json:"limit"`  // images that may be requested at once
	Images int           `json:"images"` // that wait for it
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
