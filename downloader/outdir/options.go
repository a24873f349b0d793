package outdir

import (
	"grab/downloader"
	"grab/downloader/imagefile"
)

// Options say how a directory is used.
type Options struct {
	Durable bool              // files, their names and their lines reach the disk before they count
	Verify  downloader.Verify // what makes a file a whole image, where it is not as grab left it
	Decode  *imagefile.Limits // of VerifyDecode
	Adopt   bool              // take up whole images that are in no record
	Dedupe  bool              // store equal bytes once
}
