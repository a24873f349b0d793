package downloader

import (
	"errors"
	"net/http"

	"grab/downloader/imagefile"
)

// identify tells the image's format by its first bytes.
func (t *transfer) identify(head []byte) error {
	format, known := imagefile.Identify(head)
	t.format = format
	if known {
		t.result.Width, t.result.Height = format.Size(head)
		return nil
	}
	if t.opts.Verify == VerifyNone {
		return nil
	}
	reason := "the bytes are no image that grab knows"
	if kind := http.DetectContentType(head); kind != "application/octet-stream" {
		reason = "the bytes are " + kind
	}
	return &Error{Class: ClassNotImage, Reason: reason}
}

// verify checks the whole image as far as the options ask, before it is sealed.
func (t *transfer) verify(file *staging) error {
	if t.opts.Verify != VerifyStructure && t.opts.Verify != VerifyDecode {
		return nil
	}
	t.tracker.enter(phaseVerify)
	defer t.tracker.enter(phaseBody) // it is sealed next
	content, err := file.content()
	if err != nil {
		return unsaved(err)
	}
	var info imagefile.Info
	switch t.opts.Verify {
	case VerifyStructure:
		info, err = t.format.Check(content, file.size)
	case VerifyDecode:
		info, err = t.format.Decode(content, file.size, t.opts.MaxPixels)
	}
	if info.Width > 0 {
		t.result.Width, t.result.Height = info.Width, info.Height
	}
	if err == nil {
		return nil
	}
	for kind, class := range map[imagefile.Kind]Class{
		imagefile.ErrTruncated: ClassImageTruncated, imagefile.ErrCorrupt: ClassImageCorrupt, imagefile.ErrTooManyPixels: ClassImageBomb,
	} {
		if errors.Is(err, kind) {
			return &Error{Class: class, Err: err}
		}
	}
	return unsaved(err) // it could not be read back
}
