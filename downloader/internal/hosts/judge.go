package hosts

import (
	"fmt"
	"net/http"
	"time"

	"grab/downloader"
	"grab/downloader/internal/work"
)

// judge takes what an attempt at t says about its host, and what becomes of the host. It
// reports whether the attempt is forgiven: t has another, whatever its budget.
func (g *Governor) judge(t *Task, done *work.Outcome, now time.Time) (forgiven bool) {
	if g.judgeNetwork(t, done, now) {
		return true
	}
	s := t.host
	switch {
	case done.Trouble != nil && done.Trouble.OfHost || done.Result.Class == downloader.ClassDeadline:
		return g.failed(s, t, done, now)
	case done.Result.Class.SaysNothingOfHost():
	default:
		g.succeeded(s, t, now)
	}
	return false
}

// succeeded counts an image that the host delivered, or refused with a clear answer.
func (g *Governor) succeeded(s *host, t *Task, now time.Time) {
	s.delivered = true
	if s.proving && t.began.Before(s.heldSince) {
		return // the request is older than the host's wish
	}
	if s.givenUp {
		s.givenUp, s.final = false, false
		g.hopeless -= s.waiting
		delete(g.given, s)
	}
	if s.holds > 0 {
		g.restart(s, now)
		g.report(s, downloader.HostBack, 0)
	}
	if s.proving || s.holds > 0 {
		s.heldUntil = time.Time{}
	}
	s.failures, s.paths, s.holds, s.proving = 0, 0, 0, false
	s.note(t, false)
	g.judgePace(s, t, true)
	g.grow(s)
}

// failed counts a failure of a host, and decides whether to hold it back or give it up.
func (g *Governor) failed(s *host, t *Task, done *work.Outcome, now time.Time) (forgiven bool) {
	if s.failures == 0 {
		s.since = t.began
	}
	s.failures++
	if t.Attempts == 0 {
		s.paths++
	}
	s.kind, s.class, s.reason = kindOf(done.Result.Class), done.Result.Class, done.Result.Error
	var asked time.Duration
	if done.Trouble != nil {
		asked = done.Trouble.Asked
	}
	tooLong := asked > g.opts.RetryAfterMax
	if tooLong {
		asked = 0 // it counts for one image, until others get the same answer
	}
	if !tooLong && s.failures < BrokenAfter && turnedAway(s, done) {
		forgiven = g.turnAway(s, t, done.Result.HTTPStatus, now)
	}
	switch {
	case s.givenUp && s.lastTry:
		s.final = true
	case s.givenUp:
	case tooLong && s.failures >= BrokenAfter:
		g.giveUp(s, now)
		s.final = true
	case s.failing() && g.givesUp(s, now):
		g.giveUp(s, now)
		s.final = s.lastTry
	case asked > 0 || s.failing():
		g.hold(s, asked, now)
	}
	return forgiven
}

// turnedAway reports whether a host says, or shows, that it was asked for too many images
// at once: by its status (RFC 6585 section 4, RFC 9110 section 15.6.4), or by ending
// connections while it delivers on others.
func turnedAway(s *host, done *work.Outcome) bool {
	switch done.Result.Class {
	case downloader.ClassRateLimited:
		return true
	case downloader.ClassHTTP5xx:
		return done.Result.HTTPStatus == http.StatusServiceUnavailable
	case downloader.ClassConnect, downloader.ClassReset, downloader.ClassEmptyReply:
		return s.busy > 0
	}
	return false
}

func kindOf(c downloader.Class) kind {
	switch c {
	case downloader.ClassConnect, downloader.ClassDNS, downloader.ClassTLS, downloader.ClassProxy, downloader.ClassTimeoutConnect:
		return unreachable
	case downloader.ClassHTTP4xx, downloader.ClassHTTP5xx, downloader.ClassRateLimited:
		return refused
	default:
		return silent
	}
}

// hold leaves s alone for the time that it asked for. If it did not, the time grows with
// each failure.
func (g *Governor) hold(s *host, asked time.Duration, now time.Time) {
	wait := asked
	if s.failing() {
		s.holds++
		wait = max(wait, g.pause(s, now))
	}
	if until := now.Add(wait); until.After(s.heldUntil) {
		s.heldUntil = until
	}
	s.heldSince = now
	s.proving = s.proving || asked > 0
	g.report(s, downloader.HostHeld, s.heldUntil.Sub(now))
}

// giveUp sets the images of s aside until the end of the run. That takes none of their
// time.
func (g *Governor) giveUp(s *host, now time.Time) {
	s.givenUp, s.givenAt, s.heldUntil = true, now, time.Time{}
	for waiting := range s.tried.All() {
		g.due.Remove(waiting)
	}
	g.given[s] = true
	g.hopeless += s.waiting
	g.report(s, downloader.HostGivenUp, 0)
}

// giveUpError returns why t is not tried again, or not at all: its host was given up.
func (s *host) giveUpError(t *Task) *downloader.Error {
	why := fmt.Sprintf("%s failed %d times in a row, the last: %s", s.name, s.failures, s.reason)
	if s.failures == 1 {
		why = fmt.Sprintf("%s failed: %s", s.name, s.reason)
	}
	if t.Attempts > 0 {
		return &downloader.Error{Class: t.Last.Class, Reason: t.Last.Error + "; not tried again: " + why}
	}
	return &downloader.Error{Class: s.class, Reason: "not tried: " + why}
}
