package report

import "container/heap"

// ideal returns the time in seconds that the run's images would take on its
// workers if nothing else took any: list scheduling in the order of the list.
func (r *Run) ideal() float64 {
	free := make(freeTimes, max(1, r.Workers)) // all zero: a heap already
	end := 0.0
	for i := range r.Images {
		free[0] += r.Images[i].Timing.Total
		end = max(end, free[0])
		heap.Fix(&free, 0)
	}
	return end
}

// freeTimes is a heap of when workers become free.
type freeTimes []float64

func (f freeTimes) Len() int           { return len(f) }
func (f freeTimes) Less(i, j int) bool { return f[i] < f[j] }
func (f freeTimes) Swap(i, j int)      { f[i], f[j] = f[j], f[i] }
func (f *freeTimes) Push(any)          {} // it never grows
func (f *freeTimes) Pop() any          { return nil }
