package reply

import "testing"

func TestBodyReadAt(t *testing.T) {
	b := NewBody([]byte("ab"), nil, []byte("cde"), []byte("f"))
	for off := range b.Size {
		for n := range b.Size - off + 1 {
			got := make([]byte, n)
			if k, err := b.ReadAt(got, off); int64(k) != n || err != nil {
				t.Errorf("ReadAt(%d, %d) = %d, %v", n, off, k, err)
			}
			if want := "abcdef"[off : off+n]; string(got) != want {
				t.Errorf("ReadAt(%d, %d) read %q, want %q", n, off, got, want)
			}
		}
	}
	if n, err := b.ReadAt(make([]byte, 3), 5); n != 1 || err == nil {
		t.Errorf("past the end: %d, %v", n, err)
	}
}
