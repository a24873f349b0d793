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
