package engine

import (
	"context"
	"encoding/hex"

	"grab/downloader"
	"grab/downloader/internal/hosts"
)

// keep makes a result that of the image that an earlier run left. Its record still holds.
func (r *run) keep(ctx context.Context, e *downloader.Earlier, result *downloader.Result) {
	result.Status, result.File, result.Bytes = downloader.StatusSkipped, e.File, e.Bytes
	result.Class, result.Error, result.SameAs = "", "", "" // a child may say anything
	result.SHA256, result.AlreadyRecorded = hex.EncodeToString(e.SHA256[:]), true
	result.Changed = r.archive.Check(ctx, *e, r.opts.Check) == downloader.FileChanged
}

// keepChanged reports whether the file of an image that was updated stays, because it is not
// as grab wrote it. If it is the new image already, a run was killed before it could say so,
// and says so now. Otherwise its owner has changed it.
func (r *run) keepChanged(ctx context.Context, t *hosts.Task, result *downloader.Result) bool {
	e := t.Earlier
	if !r.opts.Update || r.opts.Force || e == nil || e.Status != downloader.StatusOK || r.archive.Check(ctx, *e, true) != downloader.FileChanged {
		return false
	}
	r.stager.Remove(t.Item.Index)
	sum, err := hex.DecodeString(result.SHA256)
	if err == nil && len(sum) == len(e.SHA256) {
		updated := *e
		updated.Bytes, updated.SHA256 = result.Bytes, [len(e.SHA256)]byte(sum)
		if r.archive.Check(ctx, updated, true) == downloader.FileIntact {
			result.File, result.SameAs = e.File, ""
			return true
		}
	}
	r.keep(ctx, e, result)
	result.Changed = true
	return true
}
