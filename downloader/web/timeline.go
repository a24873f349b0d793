package web

import "time"

// The timeline shows the last minute of the first workers.
const (
	slots    = 120
	slotTime = time.Minute / slots
	fullSlot = int32(slotTime / time.Microsecond)
	maxLanes = 64
)

// timeline has what each worker did in each slot of the last minute. It is a value of fixed
// size: a copy shares nothing with it.
type timeline struct {
	began time.Time // of slot 0
	head  int64     // the newest slot
	lanes [maxLanes][slots]slot
}

// slot is a part of a worker's time. A slot of the number n is at n modulo slots.
type slot struct {
	busy   int32 // microseconds
	failed bool  // an image failed in it
}

// number returns the number of the slot that t is in.
func (l *timeline) number(t time.Time) int64 { return int64(t.Sub(l.began) / slotTime) }

// advance makes the slot of the time t the newest one, unless a newer one is there.
func (l *timeline) advance(t time.Time) {
	to := l.number(t)
	for n := max(l.head+1, to-slots+1); n <= to; n++ {
		for lane := range l.lanes {
			l.lanes[lane][n%slots] = slot{}
		}
	}
	l.head = max(l.head, to)
}

// add says that a worker was busy with an image from one time to another.
func (l *timeline) add(worker int, from, to time.Time, failed bool) {
	if worker < 0 || worker >= maxLanes || to.Before(from) || to.Before(l.began) {
		return
	}
	l.advance(to)
	if from.Before(l.began) {
		from = l.began
	}
	last := l.number(to)
	for n := max(l.number(from), l.head-slots+1, 0); n <= last; n++ {
		at := &l.lanes[worker][n%slots]
		begin := l.began.Add(time.Duration(n) * slotTime)
		end := begin.Add(slotTime)
		if begin.Before(from) {
			begin = from
		}
		if end.After(to) {
			end = to
		}
		at.busy = min(at.busy+int32(end.Sub(begin).Microseconds()), fullSlot)
		at.failed = at.failed || failed && n == last
	}
}

// text returns the lanes of so many workers, the oldest slot first. A worker that was idle has
// a dot, a busy one the tenths of its time from 1 to 9, and a failure an exclamation mark.
func (l *timeline) text(workers int) []string {
	lanes := make([]string, min(workers, maxLanes))
	for lane := range lanes {
		row := make([]byte, slots)
		for i := range row {
			row[i] = '.'
			n := l.head - slots + 1 + int64(i)
			if n < 0 {
				continue
			}
			switch at := l.lanes[lane][n%slots]; {
			case at.failed:
				row[i] = '!'
			case at.busy > 0:
				row[i] = byte('1' + min(8, 9*int64(at.busy)/int64(fullSlot)))
			}
		}
		lanes[lane] = string(row)
	}
	return lanes
}
