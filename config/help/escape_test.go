package help

import "testing"

// A text for the page is escaped.
func TestManualEscapes(t *testing.T) {
	m := &manual{}
	m.paragraph(`.Fl a\b 'c -d (-e) f-g. 'h`)
	if got, want := m.String(), "\\&.Fl a\\eb 'c \\-d (\\-e) f-g.\n\\&'h\n"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}
