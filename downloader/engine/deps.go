package engine

import (
	"grab/downloader"
	"grab/downloader/live"
)

// Deps are a run's collaborators: behaviour, where [Options] are data.
type Deps struct {
	Sink      downloader.Sink                                 // where sealed files go
	Recall    func(downloader.Item) (downloader.Record, bool) // what earlier runs left of an item's index, from many goroutines; nil: nothing
	Journal   downloader.Journal                              // keeps each result before observers are told of it; nil: nothing does
	Observers []downloader.Observer                           // told of each result, in this order
	Counters  *live.Counters                                  // read by progress bars; nil: not wanted
	Warn      func(text string)                               // told what the user should know besides: a want of workers, the trace of a panic; nil: nobody is

	// WorkerCommand is the program and arguments of a child that calls
	// [ServeWorker] on its standard input and output. Only Process needs it.
	WorkerCommand []string
}
