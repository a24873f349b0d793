package manifest

import (
	"bytes"
	"cmp"
	"fmt"
	"math/rand/v2"
	"runtime"
	"slices"
	"testing"

	"grab/downloader"
)

// TestFarIndexes has lines whose indexes are far apart cost little memory.
func TestFarIndexes(t *testing.T) {
	const lines = 20_000
	var manifest []byte
	for i := range lines {
		r := finished(i*blockSize, fmt.Sprint("http://a.test/", i), downloader.StatusFailed)
		manifest = appendLine(manifest, &r, uint32(r.Index))
	}
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	var h history
	if err := h.read(bytes.NewReader(manifest)); err != nil || h.live != lines {
		t.Fatal(h.live, err)
	}
	runtime.GC()
	runtime.ReadMemStats(&after)
	if each := (int64(after.HeapAlloc) - int64(before.HeapAlloc)) / lines; each > 250 {
		t.Errorf("%d bytes a line", each)
	}
	runtime.KeepAlive(&h)
}

// TestBestOfMany compares claims with the plain rule, for few and for many records of a
// URL, some of which say nothing any more.
func TestBestOfMany(t *testing.T) {
	for seed := range uint64(60) {
		random := rand.New(rand.NewPCG(seed, 0))
		n := 1 + random.IntN(40)
		var manifest []byte
		for i := range n {
			status := downloader.StatusOK
			if random.IntN(3) == 0 {
				status = downloader.StatusFailed
			}
			r := finished(random.IntN(2*n), "http://a.test/", status)
			manifest = appendLine(manifest, &r, uint32(i))
		}
		var h history
		if err := h.read(bytes.NewReader(manifest)); err != nil {
			t.Fatal(err)
		}
		for range 2 * n {
			index := random.IntN(2 * n)
			if id := uint32(random.IntN(n)); random.IntN(5) == 0 && h.at(id).free() {
				h.vacate(id)
			}
			want, known := plainBest(&h, index)
			got, ok := h.lookup.best(h.at(0).url, index, func(uint32) bool { return false })
			if ok != known || got != want {
				t.Fatalf("seed %d, index %d: record %d, %t; want %d, %t", seed, index, got, ok, want, known)
			}
			if ok {
				h.at(got).taken = 1
			}
		}
	}
}

// plainBest looks at all records.
func plainBest(h *history, index int) (uint32, bool) {
	var free []uint32
	for id := range uint32(h.count) {
		if h.at(id).free() {
			free = append(free, id)
		}
	}
	if len(free) == 0 {
		return 0, false
	}
	elsewhere := func(r *record) int {
		if int(r.index) == index {
			return 0
		}
		return 1
	}
	return slices.MinFunc(free, func(a, b uint32) int {
		x, y := h.at(a), h.at(b)
		return cmp.Or(cmp.Compare(x.status, y.status), elsewhere(x)-elsewhere(y), cmp.Compare(x.index, y.index), cmp.Compare(a, b))
	}), true
}

// TestEqualURLs reads and claims a list of one URL many times over, one place further
// on. The work grows with the list and not with its square: that would take minutes.
func TestEqualURLs(t *testing.T) {
	const n = 30_000
	for _, status := range []downloader.Status{downloader.StatusOK, downloader.StatusFailed} {
		var manifest []byte
		for i := range n {
			r := finished(i+1, "http://a.test/same", status)
			manifest = appendLine(manifest, &r, uint32(i))
		}
		var h history
		if err := h.read(bytes.NewReader(manifest)); err != nil || h.live != n {
			t.Fatal(h.live, err)
		}
		for i := range n + 1 {
			item := downloader.Item{Index: i, URL: "http://a.test/same"}
			if _, ok := h.claim(item); ok != (i < n) {
				t.Fatalf("%s: index %d: %t", status, i, ok)
			}
		}
		seen := map[uint32]bool{}
		for i := range 6_000 {
			number := h.newNumber(downloader.Item{Index: i, URL: "http://a.test/same"})
			if seen[number] || number < n && i < n {
				t.Fatalf("number %d is given again", number)
			}
			seen[number] = true
		}
	}
}
