package web

import "time"

// The pace is sampled once a second, and kept for the last minute.
const (
	sampleEvery = time.Second
	samples     = 61 // the seconds between them are 60
	recent      = 10 // seconds that the present rates are of
)

// sample has two counters at one time.
type sample struct {
	at            time.Time
	images, bytes int64
}

// pace knows how fast a run has been in the last minute.
type pace struct {
	kept [samples]sample
	n    int // samples taken
}

// add takes a sample.
func (p *pace) add(s sample) {
	p.kept[p.n%samples] = s
	p.n++
}

// all returns the samples that are kept, the oldest first.
func (p *pace) all() []sample {
	kept := make([]sample, 0, samples)
	for n := max(0, p.n-samples); n < p.n; n++ {
		kept = append(kept, p.kept[n%samples])
	}
	return kept
}

// rates returns images and bytes a second between now and the samples of a while ago.
func (p *pace) rates(now sample) (images, bytes float64) {
	if p.n == 0 {
		return 0, 0
	}
	before := p.kept[max(0, p.n-recent)%samples]
	seconds := now.at.Sub(before.at).Seconds()
	if seconds < sampleEvery.Seconds()/2 {
		return 0, 0
	}
	return float64(now.images-before.images) / seconds, float64(now.bytes-before.bytes) / seconds
}

// history returns images and bytes a second in each of the last seconds, the oldest first.
func (p *pace) history() (images, bytes []float64) {
	images, bytes = []float64{}, []float64{}
	kept := p.all()
	for i := 1; i < len(kept); i++ {
		seconds := kept[i].at.Sub(kept[i-1].at).Seconds()
		if seconds < sampleEvery.Seconds()/2 { // the first second of a run began before it
			continue
		}
		images = append(images, float64(kept[i].images-kept[i-1].images)/seconds)
		bytes = append(bytes, float64(kept[i].bytes-kept[i-1].bytes)/seconds)
	}
	return images, bytes
}
