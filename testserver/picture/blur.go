package picture

import "image"

// blur replaces each pixel by the mean of its neighbours, up to radius pixels on
// each side, first along rows and then along columns.
func blur(m *image.RGBA, radius int) {
	w, h := m.Rect.Dx(), m.Rect.Dy()
	line := make([]uint8, max(w, h))
	for channel := range 3 {
		for y := range h {
			blurLine(m.Pix[y*m.Stride+channel:], 4, line[:w], radius)
		}
		for x := range w {
			blurLine(m.Pix[4*x+channel:], m.Stride, line[:h], radius)
		}
	}
}

// blurLine blurs the values pix[0], pix[step], pix[2*step] and so on, len(line)
// in all. It uses line as working space.
func blurLine(pix []uint8, step int, line []uint8, radius int) {
	for i := range line {
		line[i] = pix[i*step]
	}
	sum, count := 0, 0
	for i := range min(radius, len(line)) {
		sum += int(line[i])
		count++
	}
	for i := range line {
		if enter := i + radius; enter < len(line) {
			sum += int(line[enter])
			count++
		}
		if leave := i - radius - 1; leave >= 0 {
			sum -= int(line[leave])
			count--
		}
		pix[i*step] = uint8(sum / count)
	}
}
