package outdir_test

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"grab/downloader"
	"grab/downloader/outdir"
)

// TestPutBesideForeignFile puts an image where a foreign file has the name. If that has the same
// bytes, it is the image.
func TestPutBesideForeignFile(t *testing.T) {
	for _, c := range []struct {
		there string
		taken bool
	}{{"same bytes", true}, {"other byte", false}, {"longer than the image", false}, {"", false}} {
		for _, durable := range []bool{false, true} {
			dir := t.TempDir()
			name := filepath.Join(dir, "image_0.gif")
			write(t, name, c.there)
			d, err := outdir.Open(dir, outdir.Options{Durable: durable})
			if err != nil {
				t.Fatal(err)
			}
			s := staged(t, dir, downloader.Item{URL: "same bytes"})
			sum := sha256.Sum256([]byte(s.URL))
			s.Bytes, s.SHA256 = int64(len(s.URL)), hex.EncodeToString(sum[:])
			got, err := d.Put(t.Context(), s)
			if taken := got.File == "image_0.gif" && err == nil; taken != c.taken || !taken && !errors.Is(err, downloader.ClassExists) {
				t.Errorf("%q: %+v, %v", c.there, got, err)
			}
			if _, err := os.Stat(filepath.Join(dir, s.Path)); os.IsNotExist(err) != c.taken {
				t.Errorf("%q: the staged file: %v", c.there, err)
			}
			if err := d.Close(); err != nil {
				t.Error(err)
			}
			holds(t, dir, "image_0.gif="+c.there)
		}
	}
}

// TestAdopt takes up images without a record, if they are whole as far as the options ask.
func TestAdopt(t *testing.T) {
	whole := string(gif())
	for _, c := range []struct {
		text    string
		options outdir.Options
		adopted bool
	}{
		{whole, outdir.Options{Adopt: true, Verify: downloader.VerifyStructure}, true},
		{whole, outdir.Options{Adopt: true, Verify: downloader.VerifyDecode}, true},
		{whole, outdir.Options{Adopt: true, Verify: downloader.VerifyType}, true},
		{whole, outdir.Options{Verify: downloader.VerifyStructure}, false},
		{whole[:20], outdir.Options{Adopt: true, Verify: downloader.VerifyStructure}, false},
		{whole[:20], outdir.Options{Adopt: true, Verify: downloader.VerifyDecode}, false},
		{whole[:20], outdir.Options{Adopt: true, Verify: downloader.VerifyType}, true},
		{"text", outdir.Options{Adopt: true, Verify: downloader.VerifyType}, false},
		{"text", outdir.Options{Adopt: true, Verify: downloader.VerifyNone}, true},
		{"", outdir.Options{Adopt: true, Verify: downloader.VerifyNone}, false},
	} {
		dir := t.TempDir()
		write(t, filepath.Join(dir, "image_3.gif"), c.text)
		d, err := outdir.Open(dir, c.options)
		if err != nil {
			t.Fatal(err)
		}
		e, ok := d.Adopt(t.Context(), downloader.Item{Index: 3})
		if ok != c.adopted || ok && (e.ID != -1 || e.Index != 3 || e.Status != downloader.StatusOK || e.File != "image_3.gif" || e.Bytes != int64(len(c.text)) || e.SHA256 != sha256.Sum256([]byte(c.text))) {
			t.Errorf("%.20q, %+v: %+v, %v", c.text, c.options, e, ok)
		}
		if _, ok := d.Adopt(t.Context(), downloader.Item{Index: 4}); ok {
			t.Error("an image that is not there")
		}
		if _, ok := d.Adopt(t.Context(), downloader.Item{Index: 3}); ok && c.adopted {
			t.Error("an image twice")
		}
		_ = d.Close()
	}
}

// TestPutOverOwn puts a new image of a URL over its earlier one, beside a foreign file.
func TestPutOverOwn(t *testing.T) {
	dir := t.TempDir()
	finish(t, dir, "a", "b")
	write(t, filepath.Join(dir, "image_7.gif"), "foreign")
	d := open(t, dir)
	item := downloader.Item{Index: 1, Line: 2, URL: "b"}
	if _, known := d.Claim(item); !known {
		t.Fatal("no record")
	}
	s := staged(t, dir, item)
	write(t, filepath.Join(dir, s.Path), "new")
	if name, err := d.Put(t.Context(), s); name.File != "image_1.gif" || err != nil {
		t.Errorf("%+v, %v", name, err)
	}
	holds(t, dir, "image_0.gif=a", "image_1.gif=new", "image_7.gif=foreign")
}
