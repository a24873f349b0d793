// Package imagefile tells image formats by their first bytes, and whether a file
// that is at hand is whole.
//
// There are three depths. [Identify] looks at the first bytes. [Format.Check]
// walks the structure of the file from its first byte to its last: markers,
// chunks and their checksums, lengths, the trailer. [Format.Decode] does that
// and then decodes the pixels, where a decoder is at hand.
//
// # What a check proves
//
// A file that was cut anywhere fails, but for cuts that take only what follows
// the image, or where the format does not tell its end:
//
//	JPEG  to the end marker EOI; the picture data is not decoded, so damage inside it passes
//	PNG   every chunk's checksum, to IEND: no damage passes but what was there before the checksums
//	GIF   every block, to the trailer
//	WebP  every chunk, to the length in the RIFF header
//	BMP   to the last pixel, or the length in the header; RLE data is not followed
//	TIFF  every value, strip and tile of the chained directories; not of the directories
//	      inside those (SubIFDs, Exif)
//	ICO   every entry; an entry in PNG like a PNG
//	AVIF, HEIC  every box, and every extent of the items (not of a sequence's samples)
//	JXL   every box; a bare codestream, or one in a box without a length, does not tell its end
//
// Only PNG has checksums. Everywhere else a check finds damage in the structure
// alone, and a length that is damaged is told as a truncation if it points past
// the end.
//
// # Limits
//
// No length in a file is trusted: nothing is allocated by one, and no loop runs
// longer than the file. A check holds three buffers of 8 KiB at most, and takes
// time proportional to the file's size.
package imagefile
