package report

import "container/heap"

// ideal returns how long the run's images would take on its workers, in seconds, if nothing else
// took any time. It schedules the list in its order: each image goes to the worker that is free
// first.
func (r *Run) ideal() float64 {
	free := make(freeTimes, max(1, r.Workers)) // all zero, so already a heap
	end := 0.0
	for i := range r.Images {
		free[0] += r.Images[i].Timing.Total
		end = max(end, free[0])
		heap.Fix(&free, 0)
	}
	return end
}

// freeTimes is a heap of the times at which the workers become free.
type freeTimes []float64

func (f freeTimes) Len() int           { return len(f) }
func (f freeTimes) Less(i, j int) bool { return f[i] < f[j] }
func (f freeTimes) Swap(i, j int)      { f[i], f[j] = f[j], f[i] }
func (f *freeTimes) Push(any)          {} // it never grows
func (f *freeTimes) Pop() any          { return nil }
