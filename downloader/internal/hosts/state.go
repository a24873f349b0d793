package hosts

import (
	"sync"
	"time"

	"grab/downloader"
	"grab/downloader/internal/queues"
	"grab/downloader/internal/work"
)

// Bounds of what is kept in memory. At [MaxWaiting] waiting images, further ones go to a
// file. Above maxHosts, hosts without images are forgotten.
const (
	MaxWaiting = 10_000
	maxHosts   = 2 * MaxWaiting
)

// fairShare bounds what hosts that do not answer take from those that do: 1/fairShare
// of the workers' time, while images of the latter wait.
const fairShare = 20

// Governor has the state of all hosts of a run, and the images that wait for them.
type Governor struct {
	opts     *downloader.Options
	openFile func() (queues.Storage, error) // for the images that find no room in memory

	mu   sync.Mutex
	work *sync.Cond // a worker may find a task, or the end
	room *sync.Cond // the reader may go on

	byName    map[string]*host
	hostBound int                   // at so many hosts, the idle ones are forgotten
	live      queues.FIFO[*host]    // may be asked, and answered when last asked
	probes    queues.FIFO[*host]    // may be asked, and are not known to answer
	failing   queues.FIFO[*host]    // may be asked, and failed when last asked
	spare     queues.FIFO[*host]    // may be asked if the workers have nothing better to do
	lost      queues.FIFO[*host]    // their images end without another attempt
	timed     *queues.ByTime[*host] // may be asked later
	due       *queues.ByTime[*Task] // images with an attempt, by the end of their time
	alarm     *time.Timer           // wakes a worker when the time has come for one of these
	given     map[*host]bool        // given up, with images that wait for the end of the run
	file      *queues.File          // nil: not needed yet
	broken    *downloader.Error     // the file failed: the run must end

	unfinished int       // tasks without a result, plus one while the list is read
	waiting    int       // tasks that wait
	inMemory   int       // those of them that are not in the file
	liveReady  int       // those of them that wait at the hosts in live
	probeReady int       // those of them that wait at the hosts in probes
	hopeless   int       // those of them that wait at the hosts in given
	busy       int       // tasks with workers
	probing    int       // those of them whose host was not live when they began
	lastAdd    time.Time // when the list last had an entry
	listDone   bool      // the whole list was added
	closed     bool      // no task is handed out any more

	net    network
	wasted time.Duration // workers' time that hosts took for failures of their own
	spent  time.Duration // workers' time in all

	watched bool // somebody reads the events
	events  []downloader.HostEvent
}

// host is what is known of one origin.
type host struct {
	name     string
	fresh    queues.FIFO[*Task]    // images without an attempt, in the order of the list
	tried    *queues.ByTime[*Task] // images that wait for another attempt
	spilled  queues.Chain          // images in the file; they come after those in fresh
	waiting  int                   // images in the three
	at       place
	queued   [places]bool // it has an entry in the queue of that place
	counted  int          // of waiting, in Governor.liveReady or probeReady
	timedPos int

	busy     int       // tasks with workers
	limit    int       // of busy; see limits.go
	limited  bool      // the host has shown that there is one
	enough   int       // up to this limit it grows fast
	limitAt  time.Time // when the limit was last lowered
	streak   int       // successes since the limit was last changed
	turned   uint8     // the last eight first attempts, a bit each: the image was turned away
	gap      time.Duration
	trial    trial         // of what a slower pace brings; see pace.go
	deaf     int           // images to be turned away before there is another trial
	deafFor  int           // what deaf was at first
	interval time.Duration // between requests, as robots.txt wants it
	nextAt   time.Time     // no request before, because of a rate

	delivered bool // an image, or a clear answer, in this run
	failures  int  // failed attempts in a row
	paths     int  // images among them
	kind      kind // of the last failure
	class     downloader.Class
	reason    string    // of the last failure
	since     time.Time // of the first failure in the row
	holds     int       // how often in a row it was held back
	heldUntil time.Time
	heldSince time.Time
	proving   bool // it asked for a pause; the next image shows whether that was enough
	givenUp   bool
	givenAt   time.Time
	setAside  time.Duration // from givenAt to the last try: no image's time
	lastTry   bool          // it is asked once more, at the end of the run
	final     bool          // it is not asked any more
}

// network is whether this machine still reaches any host. When a network that worked goes
// away, each host would be given up in seconds, and each image would use up its attempts.
// So the whole run waits, and one image at a time shows whether the network is back.
type network struct {
	answered time.Time // when a host last answered, if only to refuse
	failures int       // attempts in a row that reached none
	holds    int       // how often in a row everything was held back; 0: it is not
	since    time.Time // of the first of these
	until    time.Time // nothing is requested before
	probe    *Task     // shows whether it is back
	given    bool      // it was waited for in vain: hosts are judged each for itself
}

// place is where a host is found when it may be asked.
type place uint8

const (
	nowhere place = iota
	inLive
	inProbes
	inFailing
	inSpare
	inLost
	inTimed
	places
)

// kind says what a failure shows about a host.
type kind uint8

const (
	unreachable kind = iota // no connection
	silent                  // a connection, but no whole response
	refused                 // a status that says no
)

// Task is an item between the list and its result.
type Task struct {
	work.Job
	Read    time.Time           // when it was read from the list
	Started time.Time           // when an executor first got it
	Earlier *downloader.Earlier // what an earlier run left of it; nil: nothing
	Last    *downloader.Result  // of the attempts so far; nil: there were none
	Before  *downloader.Result  // the failure at the URLs of the item that were asked before this one; nil: none

	host     *host
	began    time.Time // its present attempt
	probe    bool      // its host was not live when the attempt began
	triedPos int       // in host.tried
	duePos   int       // in Governor.due
}

// New returns the Governor of a run whose list is about to be read. openFile makes the
// file for the images that find no room in memory. If watched is set, the Governor keeps
// events for [Governor.Events].
func New(opts *downloader.Options, openFile func() (queues.Storage, error), watched bool) *Governor {
	g := &Governor{
		opts: opts, openFile: openFile, watched: watched, unfinished: 1, hostBound: maxHosts,
		byName: map[string]*host{}, given: map[*host]bool{},
		timed: queues.NewByTime(func(s *host) *int { return &s.timedPos }),
		due:   queues.NewByTime(func(t *Task) *int { return &t.duePos }),
	}
	g.work, g.room = sync.NewCond(&g.mu), sync.NewCond(&g.mu)
	g.alarm = time.AfterFunc(time.Hour, g.wake)
	g.alarm.Stop()
	return g
}

// wake wakes one worker, which wakes another if there is more to do.
func (g *Governor) wake() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.work.Signal()
}

// hostOf returns what is known of the host of an item.
func (g *Governor) hostOf(item downloader.Item) *host {
	name := item.Origin()
	s := g.byName[name]
	if s == nil {
		if len(g.byName) >= g.hostBound {
			g.forgetIdle()
			g.hostBound = max(maxHosts, 2*len(g.byName)) // so that looking at all hosts is rare
		}
		s = &host{name: name, limit: g.firstLimit(), tried: queues.NewByTime(func(t *Task) *int { return &t.triedPos })}
		g.byName[name] = s
	}
	return s
}

// firstLimit is how many images of a host may be in flight that has not answered yet.
func (g *Governor) firstLimit() int { return max(1, g.opts.Workers/fairShare) }

// forgetIdle forgets hosts without images. Those that have failed come last.
func (g *Governor) forgetIdle() {
	for _, healthy := range []bool{true, false} {
		for name, s := range g.byName {
			if s.busy == 0 && s.waiting == 0 && healthy == (s.failures == 0) {
				delete(g.byName, name)
			}
		}
		if len(g.byName) <= maxHosts/2 {
			return
		}
	}
}

// BrokenAfter is how many attempts in a row a host fails before it is asked for one
// image at a time.
const BrokenAfter = 10

// failing reports whether s is only asked for one image at a time, to see whether it has
// recovered. A host that gave no answer yet has to show first that it is there.
func (s *host) failing() bool {
	return s.failures >= BrokenAfter || s.failures > 0 && !s.delivered && s.kind != refused
}

// wakeTime returns when s may be asked for the image that goes next. An image must wait.
func (s *host) wakeTime() time.Time {
	at := s.heldUntil
	if s.nextAt.After(at) {
		at = s.nextAt
	}
	if !s.hasFresh() {
		if _, due := s.tried.First(); due.After(at) {
			at = due
		}
	}
	return at
}

func (s *host) hasFresh() bool { return s.fresh.Len() > 0 || s.spilled.Len() > 0 }

// InterruptedError returns the end of a task that an interrupt keeps from its first
// or next attempt.
func (t *Task) InterruptedError() *downloader.Error {
	if t.Attempts == 0 {
		return work.InterruptedBeforeStart()
	}
	return &downloader.Error{Class: downloader.ClassCanceled, Reason: "interrupted before another attempt; the last one: " + t.Last.Error}
}
