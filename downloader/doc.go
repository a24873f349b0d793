// Package downloader holds the types that the packages of grab's engine share:
// the items of a list, the options of a run, results and their classes of failure,
// and the interfaces of what takes the images and the results. Package
// grab/downloader/engine does the work.
//
// # Flow
//
// A [Source] yields one [Item] for each entry of a list, lazily. The engine passes
// each item to an executor. That is the fetcher itself, or a child process that
// runs the same fetcher:
//
//	Source -> Item -> executor -> staged file -> Sink -> Result -> Journal -> Observers
//
// An item that an earlier run has settled gets its result at once, without an
// executor. If an item's host does not answer, the executor returns the item. It
// waits for its host in the parent process, while the items of other hosts go on.
//
// The fetcher makes the requests for an image. Headers and body share one budget
// of retries. The body goes to a staging file, which is hashed while it is written
// and checked before it is sealed. Only the parent process commits an image: it
// hands the sealed file to the [Sink] and the [Result] to the [Journal]. Only then
// is the image ok. One goroutine passes the results to the observers, one at a
// time.
//
// # Invariants
//
//  1. Items in = ok + skipped + failed + canceled. Each index has exactly one
//     result, in every mode, after an interrupt and when a child process dies.
//  2. A file with a final name is complete.
//  3. After a run, no goroutine and no child process is left. No temporary file is
//     left either, except the partial files that a later run can complete.
//  4. A result says ok only when its file is in place, and the journal has it.
//  5. The path of a download takes no lock that a renderer or a logger holds.
//  6. Memory is O(workers), not O(list). The exceptions are what an [Archive] keeps
//     of earlier runs, and a bounded number of items that wait for their hosts.
//  7. The same list and the same server give the same files in every mode.
//  8. No run deletes or replaces a finished image. Only Options.Force does, for the
//     same URL, once the new image is complete.
//
// # Ownership
//
// A run owns every goroutine and child process that it starts, and waits for them.
// The caller owns the Sink and the observers, and closes them after the run.
package downloader
