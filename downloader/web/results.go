package web

import "slices"

// Finished is a run of a comparison that has ended.
type Finished struct {
	Name    string // of the contender
	Mode    string
	Round   int // from 1; 0: the warm-up, which does not count
	Rounds  int // planned
	Seconds float64
	Error   string // why it failed; empty: it did not
}

// Contender has the results of a contender so far.
type Contender struct {
	Name   string  `json:"name"`
	Mode   string  `json:"mode"`
	Done   int     `json:"rounds_done"`
	Rounds int     `json:"rounds"`
	Median float64 `json:"median_seconds"` // 0: no round has ended
	Least  float64 `json:"min_seconds"`
	Most   float64 `json:"max_seconds"`
	Error  string  `json:"error"` // of the run that failed last

	seconds []float64
}

// results are the contenders in the order of their first runs.
type results []*Contender

// add adds a run.
func (r *results) add(f Finished) {
	i := slices.IndexFunc(*r, func(c *Contender) bool { return c.Name == f.Name })
	if i < 0 {
		i = len(*r)
		*r = append(*r, &Contender{Name: f.Name, Mode: f.Mode, Rounds: f.Rounds})
	}
	c := (*r)[i]
	if f.Error != "" {
		c.Error = f.Error
	}
	if f.Round > 0 && f.Error == "" {
		at, _ := slices.BinarySearch(c.seconds, f.Seconds)
		c.seconds = slices.Insert(c.seconds, at, f.Seconds)
		n := len(c.seconds)
		c.Done, c.Least, c.Most = n, c.seconds[0], c.seconds[n-1]
		c.Median = (c.seconds[(n-1)/2] + c.seconds[n/2]) / 2
	}
}

// list returns copies of the contenders.
func (r results) list() []Contender {
	list := make([]Contender, 0, len(r))
	for _, c := range r {
		copied := *c
		copied.seconds = nil
		list = append(list, copied)
	}
	return list
}
