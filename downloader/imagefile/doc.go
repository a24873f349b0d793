// Package imagefile identifies image formats and checks whether a file is whole.
//
// There are three levels. [Identify] looks at the first bytes. [Format.Check] walks
// the structure of the file from start to end: markers, chunks and their checksums,
// lengths, the trailer. [Format.Decode] does the same and then decodes the pixels, if
// there is a decoder for them.
//
// # What a check proves
//
// A file that was cut fails, wherever it was cut. The exceptions are cuts after the
// last pixel, and formats that do not mark their end. A file that most decoders show
// passes, even if it breaks a rule of its format; only a wrong checksum is always damage.
//
//	JPEG  up to the end marker EOI; the entropy-coded data is not decoded, so damage
//	      in it passes
//	PNG   every chunk with its CRC, up to IEND: only damage that is older than the CRCs
//	      passes
//	GIF   every block, up to the trailer, which a single picture may lack
//	WebP  every chunk, up to the length in the RIFF header
//	BMP   up to the last pixel; RLE data is not decoded
//	TIFF  every value, strip and tile of the chained directories that a pixel needs, but
//	      not of the directories inside those (SubIFDs, Exif)
//	ICO   every entry; an entry that is a PNG is checked like a PNG
//	AVIF, HEIC  every box, and every extent of the items, but not the samples of a
//	      sequence
//	JXL   every box; a bare codestream, or one in a box without a length, does not mark
//	      its end
//
// Only PNG has checksums. In all other formats a check finds only damage to the
// structure. A damaged length that points past the end of the file is reported as
// truncation.
//
// # Limits
//
// A check trusts no length in a file: it allocates no memory by one, and no loop runs
// longer than the file. A check uses at most three buffers of 8 KiB, and its time is
// proportional to the size of the file.
//
// # Files
//
// Each format has a file, which uses only what the formats share: window.go, boxes.go,
// fourcc.go, info.go and errors.go. An ICO also contains PNGs and BMPs. check.go knows
// all formats, and decoders.go all decoders. variant.go and damage.go know where those
// fall short of others.
package imagefile
