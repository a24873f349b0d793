package picture

import (
	"image"
	"image/color"
)

// variants is the number of visibly different pictures.
const variants = 16

// look is everything that decides what a picture looks like. Files with the same
// look differ only in comments and padding.
type look struct {
	format        Format
	width, height int
	variant       int
	grayscale     bool
	blur          int // 0 (none) to 10
}

// draw paints the picture: circles on a gradient, under mild noise. It computes
// with integers only, so that every machine paints the same pixels.
func (l look) draw() *image.RGBA {
	m := image.NewRGBA(image.Rect(0, 0, l.width, l.height))
	from, to := tint(l.variant, 0), tint(l.variant, 1)
	circles := l.circles()
	span := l.width + l.height
	for y := range l.height {
		row := m.Pix[y*m.Stride:][:4*l.width]
		for x := range l.width {
			c := blend(from, to, x+y, span)
			for _, o := range circles {
				if o.contains(x, y) {
					c = blend(o.color, c, 1, 4)
				}
			}
			speckle(row[4*x:4*x+4], c, uint64(y)<<32|uint64(x))
		}
	}
	if l.blur > 0 {
		blur(m, l.blur)
	}
	if l.grayscale {
		desaturate(m)
	}
	return m
}

type circle struct {
	x, y, radius int
	color        color.RGBA
}

func (c circle) contains(x, y int) bool {
	dx, dy := x-c.x, y-c.y
	return dx*dx+dy*dy < c.radius*c.radius
}

// circles places three to six circles of different sizes anywhere.
func (l look) circles() []circle {
	list := make([]circle, 3+l.variant%4)
	short := min(l.width, l.height)
	for i := range list {
		h := mix(uint64(l.variant)<<8 | uint64(i))
		list[i] = circle{
			x:      int(h%1000) * l.width / 1000,
			y:      int(h/1000%1000) * l.height / 1000,
			radius: short/12 + int(h/1000000%1000)*short/4000,
			color:  tint(l.variant, i+2),
		}
	}
	return list
}

// tint returns colour i of a variant.
func tint(variant, i int) color.RGBA {
	h := mix(uint64(variant)<<32 | uint64(i) | 1<<63)
	return color.RGBA{R: uint8(h), G: uint8(h >> 8), B: uint8(h >> 16), A: 255}
}

// blend returns the colour at n/of of the way from a to b.
func blend(a, b color.RGBA, n, of int) color.RGBA {
	between := func(a, b uint8) uint8 {
		return uint8((int(a)*(of-n) + int(b)*n) / of)
	}
	return color.RGBA{R: between(a.R, b.R), G: between(a.G, b.G), B: between(a.B, b.B), A: 255}
}

// speckle stores c in a pixel, slightly lighter or darker.
func speckle(pixel []uint8, c color.RGBA, at uint64) {
	noise := int(mix(at)%noiseSpan) - noiseSpan/2
	shift := func(v uint8) uint8 {
		return uint8(min(max(int(v)+noise, 0), 255))
	}
	pixel[0], pixel[1], pixel[2], pixel[3] = shift(c.R), shift(c.G), shift(c.B), 255
}

// noiseSpan is the range of the noise. With it, a JPEG of 200x300 pixels takes 8
// to 15 kB, as photographs do.
const noiseSpan = 23

func desaturate(m *image.RGBA) {
	for i := 0; i < len(m.Pix); i += 4 {
		p := m.Pix[i : i+4 : i+4]
		y := uint8((299*int(p[0]) + 587*int(p[1]) + 114*int(p[2])) / 1000)
		p[0], p[1], p[2] = y, y, y
	}
}
