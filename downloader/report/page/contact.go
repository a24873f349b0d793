package page

import (
	"bytes"
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
)

// Limits of the contact sheet. Files that are larger, or have more pixels, are
// shown by their names.
const (
	maxThumbnails  = 100
	thumbnailEdge  = 112       // longer side, in pixels
	thumbnailBytes = 240 << 10 // of all thumbnails together, before base64
	maxFileBytes   = 32 << 20
	maxPixels      = 16_000_000
)

// sheet is the contact sheet.
type sheet struct {
	Pictures []thumbnail
	Note     string // what it leaves out
}

// thumbnail is one image of the sheet. Source is empty where there is nothing to
// show but its name.
type thumbnail struct {
	Name          string
	Says          string
	Source        template.URL
	Width, Height int
}

// contactSheet shows the images of a run from the folder that they are in. A
// file that is not the image that the run fetched is left out.
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
		t := thumbnail{Name: img.File, Says: fmt.Sprintf("image %d, %d × %d pixels, %s", img.Index, img.Width, img.Height, bytesOf(img.Bytes))}
		if small := thumbnailOf(data); small != nil {
			left -= len(small.jpeg)
			t.Width, t.Height = small.size.X, small.size.Y
			t.Source = template.URL("data:image/jpeg;base64," + base64.StdEncoding.EncodeToString(small.jpeg))
		}
		s.Pictures = append(s.Pictures, t)
	}
	if missing > 0 {
		s.Note += fmt.Sprintf("%s no longer there, or not as fetched.", countAre(missing, "image"))
	}
	return s
}

func countAre(n int, noun string) string {
	if n == 1 {
		return count(n, noun) + " is"
	}
	return count(n, noun) + " are"
}

// readImage returns the bytes of an image, if they are those that were fetched.
func readImage(folder fs.FS, img report.Image) ([]byte, error) {
	if img.Bytes > maxFileBytes {
		return nil, nil // told by its name alone
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

// small is an image scaled down.
type small struct {
	jpeg []byte
	size image.Point
}

// thumbnailOf scales an image down; nil where that cannot be done.
func thumbnailOf(data []byte) *small {
	format, _ := imagefile.Identify(data)
	picture, info, err := format.Picture(bytes.NewReader(data), int64(len(data)), maxPixels)
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
