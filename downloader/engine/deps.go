package engine

import (
	"grab/downloader"
	"grab/downloader/live"
)

// Deps are a run's collaborators: behaviour, where [downloader.Options] are data.
type Deps struct {
	// Output is where images go. If it is a [downloader.Journal] as well, it keeps
	// each result before observers see it; if it is a [downloader.Archive], it says
	// what earlier runs left.
	Output downloader.Sink

	Observers []downloader.Observer // see each result, in this order
	Counters  *live.Counters        // for progress bars; nil: not wanted
	Warn      func(text string)     // gets what the user should know besides results, such as the trace of a panic; may be nil

	// WorkerCommand is the program and arguments of a child that serves the other
	// end of the pipe on its standard input and output. Only Process needs it.
	WorkerCommand []string
}
