package page

import (
	"math"
	"slices"
)

// scale maps values to shares of a length: low to 0, high to 1.
type scale struct {
	low, high float64
	log       bool // logarithmic; low and high are above 0
}

// linearScale returns the linear scale from 0 to high.
func linearScale(high float64) scale {
	s := scale{high: high}
	if high <= 0 || math.IsInf(high, 0) || math.IsNaN(high) {
		s.high = 1
	}
	return s
}

// logScale returns a logarithmic scale over all values above 0, with some room on both sides.
func logScale(values []float64) scale {
	s := scale{low: math.Inf(1), high: 0, log: true}
	for _, v := range values {
		if v > 0 {
			s.low, s.high = min(s.low, v), max(s.high, v)
		}
	}
	if s.high == 0 {
		return scale{low: 0.1, high: 10, log: true}
	}
	if s.high/s.low < 4 {
		middle := math.Sqrt(s.high * s.low)
		s.low, s.high = middle/2, middle*2
	}
	room := math.Pow(s.high/s.low, 0.06)
	s.low, s.high = s.low/room, s.high*room
	return s
}

// scaleOver returns a scale over all values: linear if they are close together, otherwise
// logarithmic.
func scaleOver(values []float64) scale {
	s := logScale(values)
	if len(values) == 0 || slices.Min(values) <= 0 {
		return s
	}
	low, high := slices.Min(values), slices.Max(values)
	if high/low > 3 {
		return s
	}
	room := max(0.05*high, 0.1*(high-low))
	return scale{low: max(0, low-room), high: high + room}
}

// at returns the value's share, between 0 and 1.
func (s scale) at(v float64) float64 {
	position := (v - s.low) / (s.high - s.low)
	if s.log {
		position = math.Log(v/s.low) / math.Log(s.high/s.low)
	}
	return min(1, max(0, position))
}

// ticks returns round values between low and high.
func (s scale) ticks() []float64 {
	var ticks []float64
	if !s.log {
		step := roundStep((s.high - s.low) / 6)
		for i := math.Ceil(s.low / step); i*step <= s.high*1.0001; i++ {
			ticks = append(ticks, i*step)
		}
		return ticks
	}
	multiples := []float64{1, 2, 5}
	if s.high/s.low > 200 {
		multiples = multiples[:1]
	}
	for exponent := math.Floor(math.Log10(s.low)); exponent <= math.Log10(s.high); exponent++ {
		for _, m := range multiples {
			if v := m * math.Pow(10, exponent); v >= s.low && v <= s.high {
				ticks = append(ticks, v)
			}
		}
	}
	return ticks
}

// roundStep returns the smallest of 1, 2, 5, 10, … times a power of ten that is not below step.
func roundStep(step float64) float64 {
	power := math.Pow(10, math.Floor(math.Log10(step)))
	for _, m := range []float64{1, 2, 5} {
		if m*power >= step*0.9999 {
			return m * power
		}
	}
	return 10 * power
}
