package engine

import (
	"grab/downloader"
	"grab/downloader/internal/hosts"
	"grab/downloader/internal/sanitize"
)

// mirrorOf returns a task that asks for the image of t at the next URL of its item, if it has
// one, and if what failed may be better there. failed is the result so far.
func mirrorOf(t *hosts.Task, failed *downloader.Result) *hosts.Task {
	if t.Ask == nil || len(t.Ask.Mirrors) == 0 || failed.Status != downloader.StatusFailed {
		return nil
	}
	fault := failed.Class.Fault()
	if fault != downloader.FaultImage && fault != downloader.FaultHost && failed.Class != downloader.ClassPolicy && failed.Class != downloader.ClassURL {
		return nil
	}
	item := t.Item
	item.URL, item.Ask = t.Ask.Mirrors[0], &downloader.Ask{Header: t.Ask.Header, Mirrors: t.Ask.Mirrors[1:]}
	before := *failed
	next := &hosts.Task{Read: t.Read, Earlier: t.Earlier, Before: &before}
	next.Item = item
	return next
}

// join makes result the result at all URLs of an item that were asked. A failure that may
// pass counts, rather than one which says that the image is gone.
func join(before, result *downloader.Result) {
	result.Item = before.Item
	result.Attempts += before.Attempts
	if result.Status != downloader.StatusFailed {
		return
	}
	last, first := result.Error, before.Error
	if result.Class.Gone(result.HTTPStatus) && !before.Class.Gone(before.HTTPStatus) {
		result.Class, result.HTTPStatus = before.Class, before.HTTPStatus
		result.Error = sanitize.Text(first+"; at the mirror after it: "+last, sanitize.MaxError)
		return
	}
	result.Error = sanitize.Text(last+"; at the URL before: "+first, sanitize.MaxError)
}
