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
