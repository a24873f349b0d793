package batch

import (
	"cmp"
	"hash/maphash"
	"slices"
	"strconv"

	"grab/downloader"
)

// Images with equal bytes are counted in buckets of a few counters each, chosen by the hash.
// They take 300 kB, however many images there are.
const (
	alikeBuckets = 4096
	alikeSlots   = 4
)

// manyAlike is how many images with equal bytes are worth a word.
const manyAlike = 10

// shownAlike is how many kinds of them the summary has.
const shownAlike = 3

// Alike counts images with equal bytes at different URLs, which are most often placeholders
// for images that a site has removed. It is a [downloader.Observer].
//
// Each bucket runs the algorithm of Misra and Gries (1982): if a hash finds no counter free,
// all counters of the bucket go down by one. So a count is never too high, and it is too low
// by no more than the number of times that they went down.
type Alike struct {
	seed    maphash.Seed
	buckets []alikeBucket
	samples map[uint64]downloader.Alike // of what was seen twice, by the first bytes of the hash
}

type alikeBucket struct {
	first [alikeSlots]uint64 // bytes of the hash
	url   [alikeSlots]uint32 // hash of the first image's URL
	count [alikeSlots]uint32 // 0: free
	lost  uint32             // how often all went down
}

// NewAlike returns an Alike that has seen nothing.
func NewAlike() *Alike {
	return &Alike{seed: maphash.MakeSeed(), buckets: make([]alikeBucket, alikeBuckets), samples: map[uint64]downloader.Alike{}}
}

// Observe counts an image that was fetched.
func (a *Alike) Observe(r downloader.Result) {
	if r.Status != downloader.StatusOK || len(r.SHA256) < 16 {
		return
	}
	first, err := strconv.ParseUint(r.SHA256[:16], 16, 64)
	if err != nil {
		return
	}
	b := &a.buckets[first%alikeBuckets]
	url := uint32(maphash.String(a.seed, r.URL))
	free := -1
	for i := range b.count {
		switch {
		case b.count[i] == 0:
			free = i
		case b.first[i] != first:
		case b.url[i] == url: // listed twice
			return
		default:
			if b.count[i]++; b.count[i] == 2 {
				a.samples[first] = downloader.Alike{SHA256: r.SHA256, File: r.File}
			}
			return
		}
	}
	if free >= 0 {
		b.first[free], b.url[free], b.count[free] = first, url, 1
		return
	}
	b.lost++
	for i := range b.count {
		if b.count[i]--; b.count[i] == 0 {
			delete(a.samples, b.first[i])
		}
	}
}

// Most returns the kinds of images of which there are many, the most first.
func (a *Alike) Most() []downloader.Alike {
	var found []downloader.Alike
	for first, kind := range a.samples {
		b := &a.buckets[first%alikeBuckets]
		i := slices.Index(b.first[:], first)
		kind.Images, kind.AtLeast = int(b.count[i]), b.lost > 0
		if kind.Images >= manyAlike {
			found = append(found, kind)
		}
	}
	slices.SortFunc(found, func(a, b downloader.Alike) int {
		return cmp.Or(b.Images-a.Images, cmp.Compare(a.SHA256, b.SHA256))
	})
	return found[:min(len(found), shownAlike)]
}
