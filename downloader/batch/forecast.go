package batch

import (
	"cmp"
	"context"
	"errors"
	"hash/maphash"
	"io/fs"
	"maps"
	"os"
	"slices"
	"time"

	"grab/downloader"
	"grab/downloader/manifest"
)

// Forecast says what a run of a list would do.
type Forecast struct {
	Listed     int
	Ask        int  // that a server would be asked for
	Skipped    int  // in place from an earlier run
	LeftAlone  int  // failed in an earlier run, and not to be asked for now
	Refused    int  // no URLs
	Duplicates int  // entries whose URL the list has before them
	MoreTwice  bool // there may be more duplicates: not all URLs were remembered
	FirstBad   string
	Hosts      []HostShare   // those to ask, the most images first
	Least      time.Duration // that the run takes, because of the time between two requests to a host
}

// HostShare is how many images a host would be asked for.
type HostShare struct {
	Host   string `json:"host"` // the origin: scheme, name and port
	Images int    `json:"images"`
}

// maxSeen is how many URLs are remembered, to find duplicates. They take about 100 MB.
const maxSeen = 5_000_000

// NewForecast reads a list and what earlier runs have left in the output directory. It takes
// no lock, writes nothing and uses no network. Files count as in place if they have the size
// that the manifest says.
func NewForecast(ctx context.Context, o *downloader.Options, src downloader.Source) (*Forecast, error) {
	known, err := openKnown(o)
	if err != nil {
		return nil, err
	}
	defer known.close()
	f := &Forecast{}
	hosts := map[string]int{}
	seed, seen := maphash.MakeSeed(), map[uint64]struct{}{}
	for item, err := range src {
		if ctx.Err() != nil {
			break
		}
		if bad, ok := err.(*downloader.Error); ok {
			f.Listed++
			if f.Refused++; f.Refused == 1 {
				f.FirstBad = item.Where() + ": " + bad.Error()
			}
			continue
		}
		if err != nil {
			return nil, &downloader.UsageError{Err: err}
		}
		f.Listed++
		hash := maphash.String(seed, item.URL)
		if _, twice := seen[hash]; twice {
			f.Duplicates++
		} else if len(seen) < maxSeen {
			seen[hash] = struct{}{}
		} else {
			f.MoreTwice = true
		}
		switch known.of(item) {
		case inPlace:
			f.Skipped++
		case leftAlone:
			f.LeftAlone++
		default:
			f.Ask++
			hosts[item.Origin()]++
		}
	}
	f.weigh(hosts, max(o.Every, o.Delay/2)) // a delay varies from a half to one and a half
	return f, nil
}

// weigh sorts the hosts, and finds the time that the first of them takes.
func (f *Forecast) weigh(hosts map[string]int, gap time.Duration) {
	for host, images := range maps.All(hosts) {
		f.Hosts = append(f.Hosts, HostShare{host, images})
	}
	slices.SortFunc(f.Hosts, func(a, b HostShare) int { return cmp.Or(b.Images-a.Images, cmp.Compare(a.Host, b.Host)) })
	for _, h := range f.Hosts {
		if h.Host != "data:" {
			f.Least = time.Duration(h.Images-1) * gap
			break
		}
	}
}

// known is what earlier runs have left in an output directory.
type known struct {
	opts    *downloader.Options
	root    *os.Root
	records *manifest.Records // nil: nothing is known
	now     time.Time
}

// What is known of an item.
const (
	nothing = iota
	inPlace
	leftAlone
)

func openKnown(o *downloader.Options) (*known, error) {
	k := &known{opts: o, now: time.Now()}
	root, err := os.OpenRoot(o.Dir)
	if err == nil {
		if k.records, err = manifest.Read(o.Dir); err == nil {
			k.root = root
			return k, nil
		}
		_ = root.Close()
	}
	if errors.Is(err, fs.ErrNotExist) {
		return k, nil
	}
	return nil, err
}

// of claims the record of an item, as a run does.
func (k *known) of(item downloader.Item) int {
	if k.records == nil || k.opts.Force {
		return nothing
	}
	e, ok := k.records.Claim(item)
	switch {
	case !ok, e.Status == downloader.StatusOK && k.opts.Update:
	case e.Status == downloader.StatusOK:
		if info, err := k.root.Lstat(e.File); err == nil && info.Mode().IsRegular() && info.Size() == e.Bytes {
			return inPlace
		}
	case e.LeftAlone(k.opts, k.now):
		return leftAlone
	}
	return nothing
}

func (k *known) close() {
	if k.records != nil {
		_ = k.records.Close()
		_ = k.root.Close()
	}
}
