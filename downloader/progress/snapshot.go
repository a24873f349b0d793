package progress

import (
	"fmt"
	"strings"
	"time"

	"grab/downloader"
)

// snapshot is what the counters said at one moment.
type snapshot struct {
	done, total, failed, bytes int64 // total 0: not known
	elapsed                    time.Duration
}

func take(c *downloader.Counters, since time.Time) snapshot {
	return snapshot{
		done: c.Done(), total: c.Total.Load(), failed: c.Failed.Load(), bytes: c.Bytes.Load(),
		elapsed: time.Since(since),
	}
}

// traffic is what was received, and how fast on average; and the failures.
func (s snapshot) traffic() string {
	text := downloader.FormatBytes(s.bytes)
	if rate := s.perSecond(s.bytes); rate > 0 {
		text += fmt.Sprintf(", %s/s", downloader.FormatBytes(int64(rate)))
	}
	if s.failed > 0 {
		text += fmt.Sprintf(", %d failed", s.failed)
	}
	return text
}

func (s snapshot) perSecond(n int64) float64 {
	if s.elapsed <= 0 {
		return 0
	}
	return float64(n) / s.elapsed.Seconds()
}

// line is the whole snapshot as plain text.
func (s snapshot) line(name string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %d", name, s.done)
	if s.total > 0 {
		fmt.Fprintf(&b, "/%d", s.total)
	}
	fmt.Fprintf(&b, " images, %s, %.1f images/s", s.traffic(), s.perSecond(s.done))
	if s.total > s.done && s.done > 0 {
		left := time.Duration(float64(s.elapsed) / float64(s.done) * float64(s.total-s.done))
		fmt.Fprintf(&b, ", %v left", left.Round(time.Second))
	}
	return b.String()
}
