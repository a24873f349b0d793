package batch

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"testing"

	"grab/downloader"
)

func imageOf(index int, bytes string) downloader.Result {
	sum := sha256.Sum256([]byte(bytes))
	r := downloader.Result{Status: downloader.StatusOK, SHA256: hex.EncodeToString(sum[:]), File: fmt.Sprintf("image_%d.png", index)}
	r.Index, r.URL = index, fmt.Sprintf("http://a.test/%d", index)
	return r
}

// TestAlike counts placeholders among few images, and among more than there are counters.
func TestAlike(t *testing.T) {
	a := NewAlike()
	for i := range 300 {
		r := imageOf(i, fmt.Sprint(i))
		if i%3 == 0 {
			r = imageOf(i, "gone")
		}
		if i%50 == 1 {
			r = imageOf(i, "away")
		}
		a.Observe(r)
		r.URL = "http://a.test/same"
		r.SHA256 = imageOf(0, "same").SHA256
		a.Observe(r) // one URL, listed often
		r = imageOf(i, "failed")
		r.Status = downloader.StatusSkipped
		a.Observe(r)
	}
	got := a.Most()
	want := downloader.Alike{Images: 98, File: "image_3.png", SHA256: imageOf(0, "gone").SHA256} // 51 and 201 are away
	if len(got) != 1 || got[0] != want {
		t.Errorf("%+v, want %+v", got, want)
	}

	a = NewAlike()
	const all, many = 400_000, 400
	for i := range all {
		bytes := fmt.Sprint(i)
		if i%(all/many) == 7 {
			bytes = "gone"
		}
		a.Observe(imageOf(i, bytes))
	}
	got = a.Most()
	if len(got) != 1 || got[0].SHA256 != want.SHA256 || !got[0].AtLeast || got[0].Images > many || got[0].Images < many*9/10 {
		t.Errorf("%+v of %d", got, many)
	}
	if len(a.samples) > 100 {
		t.Errorf("%d samples", len(a.samples))
	}
}

// TestAlikeWithoutRoom has more kinds of images than a bucket has counters. All counts go
// down then, and those of no other bucket.
func TestAlikeWithoutRoom(t *testing.T) {
	a := NewAlike()
	see := func(bucket, kind, times int) {
		for i := range times {
			r := imageOf(i, "")
			r.SHA256 = fmt.Sprintf("%016x%048d", kind*alikeBuckets+bucket, 0)
			a.Observe(r)
		}
	}
	see(1, 0, 20)
	see(2, 0, 15)
	for kind := 1; kind <= alikeSlots; kind++ { // the last one finds no room
		see(1, kind, 1)
	}
	got := a.Most()
	if len(got) != 2 || got[0].Images != 19 || !got[0].AtLeast || got[1].Images != 15 || got[1].AtLeast {
		t.Errorf("%+v", got)
	}
}

func BenchmarkAlike(b *testing.B) {
	images := make([]downloader.Result, 10_000)
	for i := range images {
		images[i] = imageOf(i, fmt.Sprint(i))
	}
	a := NewAlike()
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		a.Observe(images[i%len(images)])
	}
}
