// Package downloader fetches lists of images: one after another, in a bounded
// pool of goroutines, or in a pool of child processes.
//
// # Flow
//
// A [Source] yields one [Item] for each entry of a list, lazily. [Downloader.Run]
// hands each item to an executor, which is either the fetcher itself or a child
// process that runs the same fetcher:
//
//	Source -> Item -> executor -> staged file -> Sink -> Result -> Journal -> Observers
//
// What an earlier run has settled has its result at once, and reaches no executor.
// An item whose host would not answer comes back from its executor and waits for
// that host in the parent, while the items of other hosts go on.
//
// The fetcher makes the request with one retry budget around headers and body,
// and writes the body to a staging file that is hashed while it is written and
// checked before it is sealed. The parent process alone commits: it hands the
// sealed file to the [Sink] and its [Result] to the [Journal], and only then is the
// image ok. One collector goroutine passes results to the observers, one at a time.
//
// # Invariants
//
//  1. Items in = ok + skipped + failed + canceled: each index has exactly one
//     result, in every mode, under cancellation and the death of workers.
//  2. Nothing visible at a final name is partial.
//  3. After Run returns, no goroutine or child is left, and no temporary file but
//     the beginnings of failed images that can be resumed.
//  4. A result says ok only when its file is in place, and it is in the journal.
//  5. The hot path takes no lock that a renderer or a logger holds.
//  6. Memory is O(workers), not O(list), but for what [Deps].Recall keeps and
//     for a bounded number of items that wait for their hosts.
//  7. The same list and the same server give the same files in every mode.
//
// # Ownership
//
// Run owns every goroutine and child that it starts, and waits for them. The
// caller owns the Sink and the observers, and closes them after Run.
package downloader
