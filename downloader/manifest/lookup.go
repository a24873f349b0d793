package manifest

import (
	"cmp"
	"slices"
)

// lookup finds records by their URLs, of which it knows hashes: two URLs with the same
// one count as one. In a list of 10^8 there are two such once in 3,000 lists. Most lists
// are run again as they were, and need no lookup: it is filled when it is first asked.
type lookup struct {
	*store
	slots  []uint32 // an open hash table by URL: id+1 of the first record, or 0
	next   []uint32 // beside each record: id+1 of another one of its URL, or 0
	crowds map[uint64]*crowd
}

// maxChain is how many records of a URL are looked at one after another. More are a
// crowd: a list may hold one URL a million times.
const maxChain = 8

// crowd is what finds one of many records of a URL.
type crowd struct {
	numbers map[uint32]uint32 // ids by number
	all     []candidate       // in the order in which they are claimed; nil before the first claim
	skip    []int             // beside all: from where to look for one that is free
}

// candidate is a record of a crowd, as it was when the first of them was claimed.
type candidate struct {
	id, index uint32
	status    uint8
}

// find returns the record of a URL that has a number.
func (l *lookup) find(url uint64, number uint32) (uint32, bool) {
	l.fill()
	n := 0
	for id := l.first(url); id != 0; id = l.next[id-1] {
		if l.at(id-1).number == number {
			return id - 1, true
		}
		if n++; n == maxChain {
			id, ok := l.crowd(url).numbers[number]
			return id, ok
		}
	}
	return 0, false
}

// best returns the record of a URL that an item of an index has rather than others. It
// is free. fits reports whether a record's file has the item's name already.
func (l *lookup) best(url uint64, index int, fits func(id uint32) bool) (id uint32, ok bool) {
	l.fill()
	n := 0
	for other := l.first(url); other != 0; other = l.next[other-1] {
		if r := l.at(other - 1); r.free() && (!ok || l.compare(other-1, id, index, fits) < 0) {
			id, ok = other-1, true
		}
		if n++; n == maxChain {
			return l.crowd(url).best(l.store, index)
		}
	}
	return id, ok
}

// compare puts the record first that an item of an index has rather than the other:
// finished ones, then that with its name, then that of its own place, then the one with
// the lower place.
func (s *store) compare(a, b uint32, index int, fits func(id uint32) bool) int {
	rank := func(id uint32) int {
		switch {
		case fits(id):
			return 0
		case int(s.at(id).index) == index:
			return 1
		}
		return 2
	}
	r, other := s.at(a), s.at(b)
	return cmp.Or(cmp.Compare(r.status, other.status), cmp.Compare(rank(a), rank(b)), cmp.Compare(r.index, other.index), cmp.Compare(a, b))
}

// first returns id+1 of the first record of a URL, or 0.
func (l *lookup) first(url uint64) uint32 { return *l.slot(url) }

// slot returns where the hash table has a URL, or would have it.
func (l *lookup) slot(url uint64) *uint32 {
	for at := url; ; at++ {
		slot := &l.slots[at&uint64(len(l.slots)-1)]
		if *slot == 0 || l.at(*slot-1).url == url {
			return slot
		}
	}
}

// fill brings the lookup up to date.
func (l *lookup) fill() {
	if l.count+l.count/4 >= len(l.slots) {
		size := 1024
		for size <= l.count+l.count/2 {
			size *= 2
		}
		l.slots = make([]uint32, size)
		l.next, l.crowds = make([]uint32, 0, l.count), nil
	}
	for len(l.next) < l.count {
		id := uint32(len(l.next))
		r := l.at(id)
		l.next = append(l.next, 0)
		if first := l.slot(r.url); *first == 0 {
			*first = id + 1
		} else {
			l.next[id], l.next[*first-1] = l.next[*first-1], id+1
		}
		if c := l.crowds[r.url]; c != nil {
			c.numbers[r.number] = id // for finding only: whoever made it has claimed it
		}
	}
}

// crowd returns the crowd of a URL.
func (l *lookup) crowd(url uint64) *crowd {
	c := l.crowds[url]
	if c == nil {
		c = &crowd{numbers: map[uint32]uint32{}}
		for id := l.first(url); id != 0; id = l.next[id-1] {
			c.numbers[l.at(id-1).number] = id - 1
		}
		if l.crowds == nil {
			l.crowds = map[uint64]*crowd{}
		}
		l.crowds[url] = c
	}
	return c
}

// best is [lookup.best] in a crowd. Records that were claimed are passed over at once.
func (c *crowd) best(s *store, index int) (uint32, bool) {
	if c.all == nil {
		c.line(s)
	}
	for _, status := range []uint8{saysOK, saysFailed} {
		if at := c.search(s, status, index); c.is(at, status) && int(c.all[at].index) == index {
			return c.all[at].id, true
		}
		if at := c.search(s, status, 0); c.is(at, status) {
			return c.all[at].id, true
		}
	}
	return 0, false
}

// line puts the records in the order in which they are claimed.
func (c *crowd) line(s *store) {
	for _, id := range c.numbers {
		c.all = append(c.all, candidate{id, s.at(id).index, s.at(id).status})
	}
	slices.SortFunc(c.all, func(a, b candidate) int {
		return cmp.Or(cmp.Compare(a.status, b.status), cmp.Compare(a.index, b.index), cmp.Compare(a.id, b.id))
	})
	c.skip = make([]int, len(c.all)+1)
	for at := range c.skip {
		c.skip[at] = at
	}
}

// is reports whether there is a candidate of that status at a place of all.
func (c *crowd) is(at int, status uint8) bool { return at < len(c.all) && c.all[at].status == status }

// search returns the place in all of the first free record of a status that has an
// index or a higher one. If there is none, that of another status may be there.
func (c *crowd) search(s *store, status uint8, index int) int {
	at, _ := slices.BinarySearchFunc(c.all, index, func(x candidate, index int) int {
		return cmp.Or(cmp.Compare(x.status, status), cmp.Compare(int(x.index), index))
	})
	return c.free(s, at)
}

// free returns the first place from at on whose record is free.
func (c *crowd) free(s *store, at int) int {
	end := at
	for end < len(c.all) && (c.skip[end] != end || !s.at(c.all[end].id).free()) {
		end = max(end+1, c.skip[end])
	}
	for at < end { // so that nobody goes all the way again
		at, c.skip[at] = max(at+1, c.skip[at]), end
	}
	return end
}
