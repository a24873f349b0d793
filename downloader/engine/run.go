package engine

import (
	"slices"
	"time"

	"grab/downloader"
	"grab/downloader/internal/hosts"
	"grab/downloader/internal/queues"
	"grab/downloader/internal/stage"
	"grab/downloader/internal/work"
)

// run is the state of one run of an [Engine].
type run struct {
	opts    *downloader.Options
	deps    *Deps
	stager  *stage.Dir
	hosts   *hosts.Governor
	manners *manners                  // nil: robots.txt does not count
	archive downloader.Archive        // nil: nothing is known of earlier runs
	journal downloader.Journal        // nil: the output keeps no results
	results chan downloader.Result    // from the workers to the collector
	changes chan downloader.HostEvent // of the hosts, from the workers to the collector; nil: nobody watches
	broken  error                     // what the collector stopped the run for; read it after the collector has ended
}

func newRun(opts *downloader.Options, deps *Deps, stager *stage.Dir) *run {
	r := &run{opts: opts, deps: deps, stager: stager, results: make(chan downloader.Result, opts.Workers)}
	if slices.ContainsFunc(deps.Observers, func(o downloader.Observer) bool { _, ok := o.(downloader.HostObserver); return ok }) {
		r.changes = make(chan downloader.HostEvent)
	}
	r.hosts = hosts.New(opts, func() (queues.Storage, error) { return stager.OpenQueue() }, r.changes != nil)
	deps.Counters.SetHosts(r.hosts.Held)
	r.journal, _ = deps.Output.(downloader.Journal)
	if archive, ok := deps.Output.(downloader.Archive); ok && archive.HasEarlier() {
		r.archive = archive
	}
	return r
}

// newTask returns a task for an item that was read from the list.
func (r *run) newTask(item downloader.Item) *hosts.Task {
	return &hosts.Task{Job: work.Job{Item: item}, Read: time.Now()}
}

// done passes on the result of a task.
func (r *run) done(result downloader.Result) {
	r.results <- result
	r.hosts.Done()
}
