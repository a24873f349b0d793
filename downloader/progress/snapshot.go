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
	canceled                   int64 // of done
	elapsed                    time.Duration
	lately                     float64 // images a second in the last while
	held                       []downloader.HostState
	givenUp                    int // hosts
}

// meter takes snapshots, and knows how fast a run has been lately.
type meter struct {
	counters *live.Counters
	started  time.Time
	marks    []mark // the oldest first
}

type mark struct {
	at   time.Time
	done int64
}

// The pace is that of the last memory of time, looked at every so often.
const (
	memory    = 20 * time.Second
	markEvery = time.Second
)

func (m *meter) snapshot() snapshot {
	c, now := m.counters, time.Now()
	s := snapshot{
		done: c.Done(), total: c.Total.Load(), failed: c.Failed.Load(), bytes: c.Bytes.Load(),
		canceled: c.Canceled.Load(), elapsed: now.Sub(m.started),
	}
	s.held, s.givenUp = c.Hosts()
	if len(m.marks) == 0 {
		m.marks = append(m.marks, mark{m.started, 0})
	}
	oldest := m.marks[0]
	if past := now.Sub(oldest.at).Seconds(); past > 0 {
		s.lately = float64(s.done-oldest.done) / past
	}
	if now.Sub(m.marks[len(m.marks)-1].at) >= markEvery {
		m.marks = append(m.marks, mark{now, s.done})
		if now.Sub(m.marks[1].at) >= memory {
			m.marks = m.marks[1:]
		}
	}
	return s
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

// pace returns the figures that matter most: how many are done, how fast, what the rest waits for
// and the time left.
func (s snapshot) pace() string {
	return fmt.Sprintf("%s, %.1f images/s", s.count(), s.perSecond(s.done-s.canceled)) + s.waiting() + s.timeLeft()
}

// timeLeft is how long the rest will take at the pace of the last while. It says nothing if images
// wait for hosts that do not answer: nobody knows when these come.
func (s snapshot) timeLeft() string {
	if s.total <= s.done || s.done == 0 || s.canceled > 0 {
		return ""
	}
	waiting := int64(0)
	for _, h := range s.held {
		waiting += int64(h.Images)
	}
	if s.lately <= 0 || 2*waiting > s.total-s.done {
		return ", time left unknown"
	}
	left := time.Duration(float64(s.total-s.done) / s.lately * float64(time.Second))
	return fmt.Sprintf(", %v left", max(left.Round(time.Second), time.Second))
}

// waiting says which hosts are left alone, and until when.
func (s snapshot) waiting() string {
	text := ""
	if n := len(s.held); n > 0 {
		text = fmt.Sprintf(", waiting for %s (next try in %v)", plural(n, "host"), max(s.held[0].Next, time.Second).Round(time.Second))
	}
	if s.givenUp > 0 {
		text += fmt.Sprintf(", %s given up", plural(s.givenUp, "host"))
	}
	return text
}

func plural(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

// count returns how many are done, and how many of them failed.
func (s snapshot) count() string {
	text := fmt.Sprint(s.done - s.canceled)
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
