package imagefile

// NameOther names the format of a file that [Identify] does not know, by its first
// bytes. It returns nothing if it does not know the format either.
func NameOther(head []byte) string {
	for _, o := range otherFormats {
		if hasAt(head, o.offset, o.signature) {
			return o.name
		}
	}
	return ""
}

// otherFormats has formats that people meet in lists of images, and that grab does not
// check.
var otherFormats = [...]struct {
	offset          int
	signature, name string
}{
	{0, "%PDF-", "a PDF document"},
	{0, "%!PS", "a PostScript document"},
	{0, "\xc5\xd0\xd3\xc6", "an EPS document"},
	{0, "\x1f\x8b", "gzip, which may be a compressed SVG"},
	{0, "PK\x03\x04", "a ZIP archive"},
	{4, "ftypcrx ", "a Canon raw image (CR3)"},
	{4, "ftypqt  ", "a QuickTime video"},
	{4, "ftyp", "an MP4 file"},
	{0, "\x1a\x45\xdf\xa3", "a WebM or Matroska video"},
	{0, "II\xbc\x01", "JPEG XR"},
	{0, "icns", "Apple icons (ICNS)"},
	{0, "\x0a\x05\x01", "PCX"},
	{0, "\x01\xda", "SGI"},
	{0, "#?RADIANCE", "Radiance HDR"},
	{0, "#?RGBE", "Radiance HDR"},
	{0, "PF\n", "a portable float map (PFM)"},
	{0, "Pf\n", "a portable float map (PFM)"},
	{0, "SIMPLE  =", "FITS"},
	{0, "gimp xcf", "a GIMP image (XCF)"},
	{0, "AT&TFORM", "DjVu"},
	{0, "FLIF", "FLIF"},
	{0, "BPG\xfb", "BPG"},
	{0, "\x8aMNG\r\n\x1a\n", "MNG"},
	{0, "\x8bJNG\r\n\x1a\n", "JNG"},
	{0, "\xabKTX 11\xbb", "KTX"},
	{0, "\xabKTX 20\xbb", "KTX 2"},
	{0, "\x13\xab\xa1\x5c", "ASTC"},
	{0, "FUJIFILMCCD-RAW", "a Fujifilm raw image (RAF)"},
	{0, "FOVb", "a Sigma raw image (X3F)"},
	{0, "\xd7\xcd\xc6\x9a", "a Windows metafile (WMF)"},
	{0, "/* XPM */", "XPM"},
	{0, "#define ", "XBM"},
	{40, " EMF", "a Windows metafile (EMF)"},
	{128, "DICM", "DICOM"},
}

// otherExtensions are those of the formats above, and further ones of formats that
// [Identify] knows.
var otherExtensions = [...]string{
	".jpeg", ".jpe", ".jfif", ".jif", ".apng", ".jps", ".mpo", ".tif", ".heif", ".hif", ".dib",
	".j2k", ".jpf", ".jpx", ".j2c", ".psb", ".pbm", ".pgm", ".ppm", ".pam", ".svgz",
	".pdf", ".eps", ".ai", ".mp4", ".mov", ".webm", ".mkv", ".m4v", ".avi",
	".jxr", ".wdp", ".icns", ".ani", ".pcx", ".sgi", ".rgb", ".hdr", ".pfm", ".fits", ".fit", ".xcf",
	".kra", ".djvu", ".flif", ".bpg", ".mng", ".jng", ".ktx", ".ktx2", ".astc", ".wmf", ".emf",
	".xpm", ".xbm", ".dcm", ".dng", ".cr2", ".cr3", ".nef", ".arw", ".orf", ".rw2", ".raf", ".pef",
	".srw", ".x3f", ".raw",
}

// KnownExtension reports whether ext, in lower case and with its dot, is an extension of
// image files: one that a file of a list may have whatever its bytes are.
func KnownExtension(ext string) bool {
	for _, f := range formatNames {
		if f.ext == ext {
			return true
		}
	}
	for _, other := range otherExtensions {
		if other == ext {
			return true
		}
	}
	return false
}
