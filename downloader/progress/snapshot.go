package progress

import (
	"fmt"
	"time"

	"grab/downloader"
	"grab/downloader/live"
)

// snapshot has the values of the counters at one moment.
type snapshot struct {
	done, total, failed, bytes int64 // total is 0 if unknown
	elapsed                    time.Duration
}

func takeSnapshot(c *live.Counters, since time.Time) snapshot {
	return snapshot{
		done: c.Done(), total: c.Total.Load(), failed: c.Failed.Load(), bytes: c.Bytes.Load(),
		elapsed: time.Since(since),
	}
}

// line returns the snapshot as plain text.
func (s snapshot) line(name string) string { return name + ": " + s.figures() }

// figures returns all figures.
func (s snapshot) figures() string {
	text := s.pace() + ", " + downloader.FormatBytes(s.bytes)
	if rate := s.perSecond(s.bytes); rate > 0 {
		text += fmt.Sprintf(", %s/s", downloader.FormatBytes(int64(rate)))
	}
	return text
}

// pace returns the figures that matter most: how many are done, how fast, and the time left.
func (s snapshot) pace() string {
	text := fmt.Sprintf("%s, %.1f images/s", s.count(), s.perSecond(s.done))
	if s.total > s.done && s.done > 0 {
		left := time.Duration(float64(s.elapsed) / float64(s.done) * float64(s.total-s.done))
		text += fmt.Sprintf(", %v left", left.Round(time.Second))
	}
	return text
}

// count returns how many are done, and how many of them failed.
func (s snapshot) count() string {
	text := fmt.Sprint(s.done)
	if s.total > 0 {
		text += fmt.Sprintf("/%d", s.total)
	}
	if s.failed > 0 {
		text += fmt.Sprintf(" (%d failed)", s.failed)
	}
	return text
}

func (s snapshot) perSecond(n int64) float64 {
	if s.elapsed <= 0 {
		return 0
	}
	return float64(n) / s.elapsed.Seconds()
}
