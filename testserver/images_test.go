package testserver

import (
	"bytes"
	"fmt"
	"testing"

	"grab/testserver/serving"
)

func TestImagesAreRepeatable(t *testing.T) {
	a, b := start(t, Options{Seed: 5}), start(t, Options{Seed: 5})
	other := start(t, Options{Seed: 6})
	ca, cb, co := newClient(t, a), newClient(t, b), newClient(t, other)
	seen := make(map[string]string)
	for _, uri := range []string{
		"/image/0.jpg", "/image/1.jpg", "/image/0.png", "/image/0.gif",
		"/image/0.jpg?w=20", "/image/16.jpg", "/image/0.jpg?bytes=20000",
		"/20/30", "/20", "/seed/x/20/30.gif?blur", "/id/9/20/30?grayscale", "/redirect/2",
	} {
		first := get(t, ca, a.URL(uri)).data
		if !bytes.Equal(first, get(t, cb, b.TLSURL(uri)).data) {
			t.Errorf("%s: two servers differ", uri)
		}
		known, err := Image(uri, 5)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(first, known) {
			t.Errorf("%s: Image differs", uri)
		}
		if bytes.Equal(first, get(t, co, other.URL(uri)).data) {
			t.Errorf("%s: another seed, the same bytes", uri)
		}
		if twin, ok := seen[string(first)]; ok {
			t.Errorf("%s and %s are the same", uri, twin)
		}
		seen[string(first)] = uri
	}
}

func TestImageOfURL(t *testing.T) {
	if got := ImageURL(0); got != "http://grab.test/image/0.jpg" {
		t.Errorf("ImageURL(0) = %q", got)
	}
	a, err := Image(ImageURL(3), 1)
	if err != nil {
		t.Fatal(err)
	}
	b, _ := Image("/image/3.jpg", 1)
	if !bytes.Equal(a, b) {
		t.Error("URL and request URI differ")
	}
	for _, uri := range []string{"/", "/status/200", "/image/1.webp", "%", "/0/1"} {
		if _, err := Image(uri, 1); err == nil {
			t.Errorf("Image(%q) did not fail", uri)
		}
	}
}

func TestFormats(t *testing.T) {
	for ext, name := range map[string]string{"jpg": "jpeg", "png": "png", "gif": "gif"} {
		data, err := Image("/image/2."+ext+"?w=33&h=21", 0)
		if err != nil {
			t.Fatal(err)
		}
		checkImage(t, data, name, 33, 21)
	}
}

func TestLongURIFits(t *testing.T) {
	long := "/image/1.%s?x=" + string(bytes.Repeat([]byte("y"), serving.MaxHeaderBytes))
	for ext, name := range map[string]string{"jpg": "jpeg", "png": "png", "gif": "gif"} {
		data, err := Image(fmt.Sprintf(long, ext), 0)
		if err != nil {
			t.Fatal(err)
		}
		checkImage(t, data, name, 200, 300)
	}
}
