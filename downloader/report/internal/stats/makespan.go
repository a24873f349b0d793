package stats

import "container/heap"

// Makespan returns how long workers take for images with these times, in seconds, if nothing else
// takes any time. Each image, in the order of the list, goes to the worker that is free first.
func Makespan(times []float64, workers int) float64 {
	free := make(freeTimes, max(1, workers)) // all zero, so already a heap
	end := 0.0
	for _, seconds := range times {
		free[0] += seconds
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
