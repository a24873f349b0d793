package imagefile

// Format is an image format. The zero Format is [Unknown].
type Format uint8

// The formats.
const (
	Unknown Format = iota // not an image, or of a format that is not supported
	JPEG                  // ITU-T T.81
	PNG                   // W3C PNG, third edition, with APNG
	GIF                   // GIF87a, GIF89a
	WebP                  // RFC 9649
	AVIF                  // AV1 in ISO/IEC 23008-12
	HEIC                  // HEVC, or any other codec but AV1, in ISO/IEC 23008-12
	JXL                   // ISO/IEC 18181, bare or in boxes
	BMP                   // Windows and OS/2 bitmaps
	TIFF                  // TIFF 6.0 and BigTIFF
	ICO                   // Windows icons
	CUR                   // Windows cursors
	SVG                   // SVG in UTF-8, not compressed
	JP2                   // ITU-T T.800 (JPEG 2000), bare or in boxes
	PSD                   // Photoshop documents, also large ones (PSB)
	TGA                   // Truevision TGA
	PNM                   // Netpbm: PBM, PGM, PPM and PAM
	QOI                   // the Quite OK Image Format
	DDS                   // DirectDraw surfaces
	EXR                   // OpenEXR
)

// formatNames holds the name of each format and the extension of its files.
var formatNames = [...]struct{ name, ext string }{
	Unknown: {"unknown format", ".bin"},
	JPEG:    {"JPEG", ".jpg"},
	PNG:     {"PNG", ".png"},
	GIF:     {"GIF", ".gif"},
	WebP:    {"WebP", ".webp"},
	AVIF:    {"AVIF", ".avif"},
	HEIC:    {"HEIC", ".heic"},
	JXL:     {"JPEG XL", ".jxl"},
	BMP:     {"BMP", ".bmp"},
	TIFF:    {"TIFF", ".tiff"},
	ICO:     {"ICO", ".ico"},
	CUR:     {"CUR", ".cur"},
	SVG:     {"SVG", ".svg"},
	JP2:     {"JPEG 2000", ".jp2"},
	PSD:     {"PSD", ".psd"},
	TGA:     {"TGA", ".tga"},
	PNM:     {"PNM", ".pnm"},
	QOI:     {"QOI", ".qoi"},
	DDS:     {"DDS", ".dds"},
	EXR:     {"EXR", ".exr"},
}

// String returns the format's name.
func (f Format) String() string { return formatNames[f.known()].name }

// Ext returns the extension of the format's files, with its dot. It is ".bin" for
// [Unknown].
func (f Format) Ext() string { return formatNames[f.known()].ext }

// known returns f, or Unknown if f is not one of the formats.
func (f Format) known() Format {
	if int(f) < len(formatNames) {
		return f
	}
	return Unknown
}

// Extensions returns the extension of every format, that of [Unknown] first.
func Extensions() []string {
	all := make([]string, len(formatNames))
	for i := range all {
		all[i] = formatNames[i].ext
	}
	return all
}
