package page

import (
	"fmt"
	"math"
	"testing"
)

// TestScales lists the ticks of scales, and where some values lie on them.
func TestScales(t *testing.T) {
	for _, c := range []struct {
		s     scale
		ticks string
		at    map[float64]float64
	}{
		{linearScale(6), "[0 1 2 3 4 5 6]", map[float64]float64{-1: 0, 0: 0, 1.5: 0.25, 6: 1, 7: 1}},
		{linearScale(12), "[0 2 4 6 8 10 12]", map[float64]float64{3: 0.25}},
		{linearScale(13), "[0 5 10]", nil},
		{linearScale(50), "[0 10 20 30 40 50]", nil},
		{linearScale(0.3), "[0 0.05 0.1 0.15 0.2 0.25 0.3]", nil},
		{linearScale(0), "[0 0.2 0.4 0.6 0.8 1]", nil},
		{linearScale(-1), "[0 0.2 0.4 0.6 0.8 1]", nil},
		{linearScale(math.Inf(1)), "[0 0.2 0.4 0.6 0.8 1]", nil},
		{linearScale(math.NaN()), "[0 0.2 0.4 0.6 0.8 1]", nil},
		{scale{low: 2, high: 5}, "[2 2.5 3 3.5 4 4.5 5]", map[float64]float64{3.5: 0.5}},
		{scale{low: 0.1, high: 10, log: true}, "[0.1 0.2 0.5 1 2 5 10]", map[float64]float64{0.1: 0, 1: 0.5, 10: 1, 0.01: 0}},
		{scale{low: 1, high: 201, log: true}, "[1 10 100]", nil},
		{scale{low: 1, high: 200, log: true}, "[1 2 5 10 20 50 100 200]", nil},
		{logScale(nil), "[0.1 0.2 0.5 1 2 5 10]", nil},
		{logScale([]float64{0, -1}), "[0.1 0.2 0.5 1 2 5 10]", nil},
		{logScale([]float64{4, 0, 4}), "[2 5]", map[float64]float64{4: 0.5}},
		{logScale([]float64{1, 100}), "[1 2 5 10 20 50 100]", map[float64]float64{10: 0.5, 1: 0.05357, 100: 0.94643}},
		{scaleOver([]float64{1, 100}), "[1 2 5 10 20 50 100]", map[float64]float64{10: 0.5}},
		{scaleOver([]float64{10, 30}), "[10 15 20 25 30]", map[float64]float64{8: 0, 20: 0.5, 32: 1}},
		{scaleOver([]float64{10, 10}), "[9.6 9.8 10 10.2 10.4]", map[float64]float64{9.5: 0, 10.5: 1}},
		{scaleOver([]float64{0, 1}), "[0.5 1 2]", nil},
		{scaleOver(nil), "[0.1 0.2 0.5 1 2 5 10]", nil},
	} {
		var ticks []float64
		for _, v := range c.s.ticks() {
			ticks = append(ticks, math.Round(v*1e6)/1e6)
		}
		if got := fmt.Sprint(ticks); got != c.ticks {
			t.Errorf("%+v: %s, want %s", c.s, got, c.ticks)
		}
		for v, want := range c.at {
			if got := c.s.at(v); math.Abs(got-want) > 1e-4 {
				t.Errorf("%+v: %v is at %v, want %v", c.s, v, got, want)
			}
		}
	}
	for step, want := range map[float64]float64{1: 1, 1.0001: 1, 1.001: 2, 2: 2, 2.1: 5, 5.1: 10, 0.011: 0.02, 99: 100} {
		if got := roundStep(step); math.Abs(got-want) > 1e-9 {
			t.Errorf("%v: %v, want %v", step, got, want)
		}
	}
}
