package fetch

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"path"
	"strings"

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
	kind := http.DetectContentType(head)
	recognised := kind != "application/octet-stream" || imagefile.NameOther(head) != ""
	if t.unknownCoding != "" && !recognised {
		return &downloader.Error{Class: downloader.ClassEncoding, Retry: downloader.RetryNever,
			Reason: "the bytes are no image, and have a content coding that is not decoded: " + shortHeader(t.unknownCoding)}
	}
	if t.opts.Verify == downloader.VerifyNone {
		return nil
	}
	return &downloader.Error{Class: downloader.ClassNotImage, Reason: notImage(head)}
}

// notImage says what a body is that is not an image. Only a text is most likely not
// what the user wants, such as a page that says what went wrong.
func notImage(head []byte) string {
	const advice = "; -verify none keeps any body"
	kind := http.DetectContentType(head)
	switch name := imagefile.NameOther(head); {
	case name != "":
		return "the bytes are " + name + ", which grab does not check" + advice
	case strings.HasPrefix(kind, "text/"):
		return "the bytes are " + kind
	case kind != "application/octet-stream":
		return "the bytes are " + kind + advice
	}
	return "the bytes are no image that grab knows" + advice
}

// ext returns the extension of the image's file: by its bytes, or else the one of its
// URL, if files of that kind may have it.
func (t *transfer) ext() string {
	if t.format != imagefile.Unknown {
		return t.format.Ext()
	}
	for _, address := range []string{t.item.URL, t.result.FinalURL} {
		u, err := url.Parse(address)
		if err != nil {
			continue
		}
		if ext := strings.ToLower(path.Ext(u.Path)); imagefile.KnownExtension(ext) {
			return ext
		}
	}
	return imagefile.Unknown.Ext()
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
