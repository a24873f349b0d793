// Package sparse has an array for indexes that may be far apart.
package sparse

// Array has a number for each index, which is 0 until it is set. Indexes that lie close
// together take 4 bytes each, and those far apart about 50.
type Array struct {
	near []uint32
	far  map[int]uint32 // what is beyond near
	used int            // indexes whose number is not 0
}

// sparsest is how many elements of near there may be for each one that is used, and
// spare how many more.
const (
	sparsest = 4
	spare    = 1024
)

// Get returns the number of an index.
func (a *Array) Get(index int) uint32 {
	if index < len(a.near) {
		return a.near[index]
	}
	return a.far[index]
}

// Set sets the number of an index.
func (a *Array) Set(index int, value uint32) {
	if index >= len(a.near) && index < sparsest*(a.used+spare) {
		a.grow(index)
	}
	switch former := a.Get(index); {
	case former == 0 && value != 0:
		a.used++
	case former != 0 && value == 0:
		a.used--
	}
	if index < len(a.near) {
		a.near[index] = value
		return
	}
	if a.far == nil {
		a.far = map[int]uint32{}
	}
	a.far[index] = value
}

// grow makes near long enough for an index, and at least twice as long.
func (a *Array) grow(index int) {
	near := make([]uint32, max(index+1, 2*len(a.near), spare))
	copy(near, a.near)
	a.near = near
	for index, value := range a.far {
		if index < len(near) {
			near[index] = value
			delete(a.far, index)
		}
	}
}
