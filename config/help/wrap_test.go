package help

import "testing"

// Help texts break between words, and lose none.
func TestWrap(t *testing.T) {
	for _, test := range []struct {
		columns    int
		line, want string
	}{
		{80, "short", "short\n"},
		{20, "  --out DIR  where", "  --out DIR  where\n"},
		{44, "  --out DIR  where the images go in the end", "  --out DIR  where the images go in the end\n"},
		{40, "  --out DIR  where the images go in the end", "  --out DIR  where the images go in the\n             end\n"},
		{24, "  --out DIR  where the images go in the end", "  --out DIR\n      where the images\n      go in the end\n"},
		{12, "no gap in this one", "no gap in\n      this\n      one\n"},
		{9, "averyverylongword x", "\n      averyverylongword\n      x\n"},
	} {
		if got := wrap(test.line, test.columns); got != test.want {
			t.Errorf("%q in %d columns:\n%s\nwant\n%s", test.line, test.columns, got, test.want)
		}
	}
}
