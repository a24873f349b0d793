package engine

import (
	"grab/downloader"
	"grab/downloader/live"
)

// Deps are the collaborators of a run. They are behaviour; [downloader.Options] are
// data.
type Deps struct {
	// Output is where images go. If it is a [downloader.Journal] as well, it records
	// each result before the observers get it. If it is a [downloader.Archive], it
	// knows what earlier runs left.
	Output downloader.Sink

	Observers []downloader.Observer // each gets all results; they are called in this order
	Counters  *live.Counters        // for progress bars; may be nil
	Warn      func(text string)     // gets what the user should know besides results, such as the trace of a panic; may be nil

	// Cookies gets the cookies at the end of a run, in Netscape's format; may be nil.
	// In process mode it is not called: each child has cookies of its own.
	Cookies func(text string)

	// WorkerCommand is the program and arguments of a child process, which serves its
	// standard input and output. Only process mode needs it.
	WorkerCommand []string
}
