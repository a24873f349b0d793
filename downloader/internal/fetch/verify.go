package fetch

import (
	"context"
	"errors"
	"net/http"

	"grab/downloader"
	"grab/downloader/imagefile"
	"grab/downloader/internal/stage"
	"grab/downloader/live"
)

// identify finds out the image's format from its first bytes.
func (t *transfer) identify(head []byte) error {
	format, known := imagefile.Identify(head)
	t.format = format
	t.result.Width, t.result.Height = format.Size(head)
	if known {
		return nil
	}
	if t.opts.Verify == downloader.VerifyNone {
		return nil
	}
	reason := "the bytes are no image that grab knows"
	if kind := http.DetectContentType(head); kind != "application/octet-stream" {
		reason = "the bytes are " + kind
	}
	return &downloader.Error{Class: downloader.ClassNotImage, Reason: reason}
}

// verify checks the whole image, as the options ask, before it is sealed.
func (t *transfer) verify(ctx context.Context, file *stage.File) error {
	if t.opts.Verify != downloader.VerifyStructure && t.opts.Verify != downloader.VerifyDecode {
		return nil
	}
	t.tracker.Enter(live.PhaseVerify)
	defer t.tracker.Enter(live.PhaseBody) // sealing counts as part of it
	content, err := file.Content()
	if err != nil {
		return saveError(err)
	}
	var info imagefile.Info
	switch t.opts.Verify {
	case downloader.VerifyStructure:
		info, err = t.format.Check(content, file.Size)
	case downloader.VerifyDecode:
		info, err = t.format.Decode(ctx, content, file.Size, t.limits)
	}
	t.result.Decoded = info.Decoded
	if info.Width > 0 {
		t.result.Width, t.result.Height = info.Width, info.Height
	}
	switch {
	case err == nil:
		return nil
	case errors.Is(err, ctx.Err()):
		return downloader.FromContext(ctx, live.PhaseVerify.String())
	}
	for kind, class := range map[imagefile.Kind]downloader.Class{
		imagefile.ErrTruncated: downloader.ClassImageTruncated, imagefile.ErrCorrupt: downloader.ClassImageCorrupt, imagefile.ErrTooManyPixels: downloader.ClassImageBomb,
	} {
		if errors.Is(err, kind) {
			return &downloader.Error{Class: class, Err: err}
		}
	}
	return saveError(err) // the file could not be read back
}
