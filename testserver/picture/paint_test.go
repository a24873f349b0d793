package picture

import (
	"crypto/sha256"
	"fmt"
	"testing"
)

// TestPixels checks that every machine and every version paints the same pixels. A deliberate
// change of the pictures changes these hashes.
func TestPixels(t *testing.T) {
	for _, c := range []struct {
		gray bool
		blur int
		want string
	}{
		{false, 0, "1b8cbd087ffc1cd0"}, {true, 0, "4f312185017e7396"}, {false, 1, "612b40d84f3d0ddf"}, {true, 10, "6c32d012796e8fdd"},
	} {
		sum := sha256.New()
		for variant := range variants {
			sum.Write(look{width: 60, height: 40, variant: variant, grayscale: c.gray, blur: c.blur}.draw().Pix)
		}
		sum.Write(look{width: 7, height: 31, grayscale: c.gray, blur: c.blur}.draw().Pix)
		sum.Write(look{width: 1, height: 1, grayscale: c.gray, blur: c.blur}.draw().Pix)
		if got := fmt.Sprintf("%x", sum.Sum(nil)[:8]); got != c.want {
			t.Errorf("grey %v, blur %d: %q, want %q", c.gray, c.blur, got, c.want)
		}
	}
}
