package testserver

import (
	"image"
	"image/color"
	"image/color/palette"
)

// variants is the number of visibly different pictures.
const variants = 16

// base is everything that decides what a picture looks like. Images with the
// same base differ in a comment only.
type base struct {
	format        format
	width, height int
	variant       int
	grayscale     bool
	blur          int // 0 (none) to 10
}

// draw paints the picture: circles on a gradient, under mild noise. It
// computes with integers only, so that every machine paints the same.
func (b base) draw() *image.RGBA {
	m := image.NewRGBA(image.Rect(0, 0, b.width, b.height))
	from, to := tint(b.variant, 0), tint(b.variant, 1)
	circles := b.circles()
	span := b.width + b.height
	for y := range b.height {
		row := m.Pix[y*m.Stride:][:4*b.width]
		for x := range b.width {
			c := blend(from, to, x+y, span)
			for _, o := range circles {
				if o.contains(x, y) {
					c = blend(o.color, c, 1, 4)
				}
			}
			speckle(row[4*x:4*x+4], c, uint64(y)<<32|uint64(x))
		}
	}
	if b.blur > 0 {
		blur(m, b.blur)
	}
	if b.grayscale {
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

// circles places three to six circles, anywhere and of different sizes.
func (b base) circles() []circle {
	list := make([]circle, 3+b.variant%4)
	short := min(b.width, b.height)
	for i := range list {
		h := mix(uint64(b.variant)<<8 | uint64(i))
		list[i] = circle{
			x:      int(h%1000) * b.width / 1000,
			y:      int(h/1000%1000) * b.height / 1000,
			radius: short/12 + int(h/1000000%1000)*short/4000,
			color:  tint(b.variant, i+2),
		}
	}
	return list
}

// tint is colour i of a variant.
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

// speckle stores c in a pixel, a little lighter or darker.
func speckle(pixel []uint8, c color.RGBA, at uint64) {
	noise := int(mix(at)%noiseSpan) - noiseSpan/2
	shift := func(v uint8) uint8 {
		return uint8(min(max(int(v)+noise, 0), 255))
	}
	pixel[0], pixel[1], pixel[2], pixel[3] = shift(c.R), shift(c.G), shift(c.B), 255
}

// noiseSpan makes a JPEG of 200x300 pixels take 8 to 15 kB, as photographs do.
const noiseSpan = 23

func desaturate(m *image.RGBA) {
	for i := 0; i < len(m.Pix); i += 4 {
		p := m.Pix[i : i+4 : i+4]
		y := uint8((299*int(p[0]) + 587*int(p[1]) + 114*int(p[2])) / 1000)
		p[0], p[1], p[2] = y, y, y
	}
}

// webSafe reduces a picture to the 216 colours of six levels a channel, which
// is much quicker than the search for the nearest colour in any palette.
func webSafe(m *image.RGBA) *image.Paletted {
	out := image.NewPaletted(m.Rect, palette.WebSafe)
	level := func(v uint8) uint8 { return uint8((int(v) + 25) / 51) }
	for i := range out.Pix {
		p := m.Pix[4*i : 4*i+4 : 4*i+4]
		out.Pix[i] = 36*level(p[0]) + 6*level(p[1]) + level(p[2])
	}
	return out
}
