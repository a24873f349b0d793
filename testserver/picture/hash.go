package picture

// FNV-1a, written out so that hashing a string allocates nothing.
const (
	fnvOffset = 14695981039346656037
	fnvPrime  = 1099511628211
)

func hashBytes[T string | []byte](h uint64, s T) uint64 {
	for i := 0; i < len(s); i++ {
		h = (h ^ uint64(s[i])) * fnvPrime
	}
	return h
}

// Hash is a well-spread 64-bit hash of a seed, a string and a number. Pictures,
// latencies and faults repeat from run to run because Hash never changes.
func Hash(seed int64, s string, n uint64) uint64 {
	return mix(hashBytes(fnvOffset, s) + mix(uint64(seed)+mix(n)))
}

// mix is the finalizer of splitmix64: each input bit changes about half of
// the output bits.
func mix(x uint64) uint64 {
	x += 0x9e3779b97f4a7c15
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}
