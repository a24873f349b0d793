package outdir

import (
	"context"

	"grab/downloader"
	"grab/downloader/imagefile"
	"grab/downloader/sink"
)

// headSize is how much of a file tells its format, in bytes.
const headSize = 64 << 10

// whole reports whether a file is a whole image, as far as o asks.
func whole(ctx context.Context, files *sink.Files, name string, size int64, o Options) bool {
	if size == 0 {
		return false
	}
	if o.Verify == downloader.VerifyNone {
		return true
	}
	file, err := files.Open(name)
	if err != nil {
		return false
	}
	defer func() { _ = file.Close() }()
	head := make([]byte, min(size, headSize))
	n, _ := file.ReadAt(head, 0)
	format, known := imagefile.Identify(head[:n])
	if !known {
		return false
	}
	switch o.Verify {
	case downloader.VerifyStructure:
		_, err = format.Check(file, size)
	case downloader.VerifyDecode:
		_, err = format.Decode(ctx, file, size, o.Decode)
	}
	return err == nil
}
