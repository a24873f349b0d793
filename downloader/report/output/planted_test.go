//go:build unix

package output

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"grab/downloader"
	"grab/downloader/report"
)

// What has the temporary name of the page and is no plain file is refused, and stays.
func TestPlantedPage(t *testing.T) {
	for what, plant := range map[string]func(victim, name string) error{
		"link": os.Symlink, "hard link": os.Link, "FIFO": func(_, name string) error { return syscall.Mkfifo(name, 0o666) },
	} {
		dir := t.TempDir()
		victim, page := filepath.Join(dir, "victim"), filepath.Join(dir, "page.html")
		if err := errors.Join(os.WriteFile(victim, []byte("precious"), 0o666), plant(victim, page+".part")); err != nil {
			t.Fatal(err)
		}
		o, err := Open(io.Discard, Options{Page: page})
		if err == nil {
			o.Close()
		}
		if _, ours := errors.AsType[*downloader.UsageError](err); !ours {
			t.Errorf("a %s: %v", what, err)
		}
		if data, _ := os.ReadFile(victim); string(data) != "precious" {
			t.Errorf("a %s: the other file holds %q", what, data)
		}
	}
}

// The page shows plain files from real folders only, and waits for nobody.
func TestPlantedImages(t *testing.T) {
	above := t.TempDir()
	out := filepath.Join(above, "out")
	pool := filepath.Join(out, "pool")
	for _, err := range []error{
		os.MkdirAll(pool, 0o777),
		os.WriteFile(filepath.Join(above, "secret"), []byte("x"), 0o666),
		os.WriteFile(filepath.Join(pool, "image_0.jpg"), []byte("x"), 0o666),
		os.Symlink("../../secret", filepath.Join(pool, "image_1.jpg")),
		syscall.Mkfifo(filepath.Join(pool, "image_2.jpg"), 0o666),
		os.Symlink("..", filepath.Join(out, "process")),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	o := &Output{opts: Options{Images: out}}
	images := o.imagesOf(&report.Run{Mode: downloader.Pool})
	if images == nil {
		t.Fatal("no images of pool")
	}
	if data, err := fs.ReadFile(images, "image_0.jpg"); err != nil || string(data) != "x" {
		t.Errorf("%q, %v", data, err)
	}
	for _, name := range []string{"image_1.jpg", "image_2.jpg", "../../secret"} {
		if file, err := images.Open(name); err == nil {
			_ = file.Close()
			t.Errorf("%s is opened", name)
		}
	}
	for _, mode := range []downloader.Mode{downloader.Process, "..", "../.."} {
		if o.imagesOf(&report.Run{Mode: mode}) != nil {
			t.Errorf("images of %s", mode)
		}
	}
}
