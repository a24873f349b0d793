package page

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"html/template"
	"image"
	"image/color"
	"image/jpeg"
	"io"
	"io/fs"

	"golang.org/x/image/draw"

	"grab/downloader/imagefile"
	"grab/downloader/report"
	"grab/downloader/report/internal/format"
)

// Limits of the contact sheet. A file that is larger, or has more pixels, is shown by its name
// only.
const (
	maxThumbnails  = 100
	thumbnailEdge  = 112       // longer side, in pixels
	thumbnailBytes = 240 << 10 // of all thumbnails together, before base64
	maxFileBytes   = 32 << 20
	maxPixels      = 16_000_000
)

type sheet struct {
	Pictures []thumbnail
	Note     string // says what was left out
}

// thumbnail is one image of the sheet. Source is empty if only its name can be shown.
type thumbnail struct {
	Name          string
	Description   string
	Source        template.URL
	Width, Height int
}

// contactSheet shows the images of a run, which it reads from folder. It leaves out files that are
// not what the run fetched.
func contactSheet(folder fs.FS, run *report.Run) sheet {
	var s sheet
	left, missing := thumbnailBytes, 0
	for i, img := range run.Images {
		if len(s.Pictures) == maxThumbnails || left <= 0 {
			s.Note = fmt.Sprintf("The first %d of %d images. ", len(s.Pictures), len(run.Images)-i+len(s.Pictures)+missing)
			break
		}
		data, err := readImage(folder, img)
		if err != nil {
			missing++
			continue
		}
		t := thumbnail{Name: img.File, Description: fmt.Sprintf("image %d, %d × %d pixels, %s", img.Index, img.Width, img.Height, bytesOf(img.Bytes))}
		if small := thumbnailOf(data); small != nil {
			left -= len(small.jpeg)
			t.Width, t.Height = small.size.X, small.size.Y
			t.Source = template.URL("data:image/jpeg;base64," + base64.StdEncoding.EncodeToString(small.jpeg))
		}
		s.Pictures = append(s.Pictures, t)
	}
	if missing > 0 {
		verb := "are"
		if missing == 1 {
			verb = "is"
		}
		s.Note += fmt.Sprintf("%s %s no longer there, or not as fetched.", format.Count(missing, "image"), verb)
	}
	return s
}

// readImage returns the bytes of an image, if they are what the run fetched.
func readImage(folder fs.FS, img report.Image) ([]byte, error) {
	if img.Bytes > maxFileBytes {
		return nil, nil // shown by its name only
	}
	file, err := folder.Open(img.File)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	if info, err := file.Stat(); err != nil || !info.Mode().IsRegular() {
		return nil, fs.ErrInvalid
	}
	data, err := io.ReadAll(io.LimitReader(file, maxFileBytes+1))
	if err != nil {
		return nil, err
	}
	if sum := sha256.Sum256(data); hex.EncodeToString(sum[:]) != img.SHA256 {
		return nil, fs.ErrNotExist
	}
	return data, nil
}

type small struct {
	jpeg []byte
	size image.Point
}

// thumbnailOf scales an image down. It returns nil if it cannot decode the image.
func thumbnailOf(data []byte) *small {
	kind, _ := imagefile.Identify(data)
	picture, info, err := kind.Picture(context.Background(), bytes.NewReader(data), int64(len(data)), imagefile.NewLimits(maxPixels, 0))
	if err != nil || !info.Decoded {
		return nil
	}
	size := picture.Bounds().Size()
	if size.X <= 0 || size.Y <= 0 {
		return nil
	}
	if longer := max(size.X, size.Y); longer > thumbnailEdge {
		size = image.Pt(max(1, size.X*thumbnailEdge/longer), max(1, size.Y*thumbnailEdge/longer))
	}
	canvas := image.NewRGBA(image.Rectangle{Max: size})
	draw.Draw(canvas, canvas.Bounds(), image.NewUniform(color.White), image.Point{}, draw.Src)
	draw.BiLinear.Scale(canvas, canvas.Bounds(), picture, picture.Bounds(), draw.Over, nil)
	var b bytes.Buffer
	if jpeg.Encode(&b, canvas, &jpeg.Options{Quality: 60}) != nil {
		return nil
	}
	return &small{b.Bytes(), size}
}
