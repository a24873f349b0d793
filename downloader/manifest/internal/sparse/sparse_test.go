package sparse

import (
	"math/rand/v2"
	"testing"
)

// TestArray compares an array with a map, for indexes close together and far apart.
func TestArray(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for _, highest := range []int{300, 5_000, 100_000, 1<<31 - 1} {
		var a Array
		model := map[int]uint32{}
		for range 20_000 {
			index, value := random.IntN(highest+1), uint32(random.IntN(3))
			a.Set(index, value)
			model[index] = value
		}
		used := 0
		for index, want := range model {
			if got := a.Get(index); got != want {
				t.Fatalf("indexes up to %d: %d has %d, want %d", highest, index, got, want)
			}
			if want != 0 {
				used++
			}
		}
		if a.used != used || a.Get(highest+1) != 0 || len(a.near) > 2*sparsest*(20_000+spare) {
			t.Errorf("indexes up to %d: %d used, want %d; %d near", highest, a.used, used, len(a.near))
		}
	}
}

// TestGrowth has indexes just close enough to be near, and one further away.
func TestGrowth(t *testing.T) {
	for _, tt := range []struct {
		indexes []int
		near    int // elements
		far     int
	}{
		{[]int{0}, 1024, 0}, {[]int{1023}, 1024, 0}, {[]int{1024}, 1025, 0}, {[]int{0, 1023}, 1024, 0}, {[]int{0, 1024}, 2048, 0}, {[]int{0, 2048}, 2049, 0},
		{[]int{4095}, 4096, 0}, {[]int{4096}, 0, 1}, {[]int{0, 4099}, 4100, 0}, {[]int{0, 4100}, 1024, 1}, {[]int{0, 0, 4100}, 1024, 1},
		{[]int{4096, 0}, 1024, 1}, {[]int{4096, 0, 1, 1024, 2048, 4100}, 8192, 0},
	} {
		var a Array
		for _, index := range tt.indexes {
			a.Set(index, uint32(index)+1)
		}
		if len(a.near) != tt.near || len(a.far) != tt.far {
			t.Errorf("%v: %d near, %d far", tt.indexes, len(a.near), len(a.far))
		}
		for _, index := range tt.indexes {
			if got := a.Get(index); got != uint32(index)+1 {
				t.Errorf("%v: %d has %d", tt.indexes, index, got)
			}
		}
	}
}
