// Package survey says what an output directory has, from its manifest and its files.
// It takes no lock, asks no server and changes nothing: another grab may be at work
// there.
package survey

import (
	"cmp"
	"context"
	"maps"
	"net/url"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"grab/downloader"
	"grab/downloader/internal/weburl"
	"grab/downloader/manifest"
)

// Survey is a directory in figures.
type Survey struct {
	Parts   int // of a list, that have directories of their own in it
	Images  int // records
	OK      int
	Failed  int
	Earlier int // of those that are ok: in the folder for images that no list has any more
	Gone    int // of the failed: most likely for good, such as a 404
	Changed int
	Missing int
	Damaged int   // lines of the manifest
	Bytes   int64 // of the images that are ok
	Classes map[downloader.Class]int
	Hosts   []Host // those with failures, the worst first
}

// Host is a host in figures.
type Host struct {
	Name   string `json:"host"`
	OK     int    `json:"ok"`
	Failed int    `json:"failed"`
}

// Of surveys the directory dir with those of its parts, and calls each for every record in
// the order of the list, one part after the other; each may be nil. With hash set, files are
// hashed, and not only measured.
func Of(ctx context.Context, dir string, hash bool, each func(Image) error) (*Survey, error) {
	places, err := places(dir)
	if err != nil {
		return nil, err
	}
	s := &Survey{Parts: countParts(places), Classes: map[downloader.Class]int{}}
	hosts := map[string]*Host{}
	for _, place := range places {
		err := s.add(ctx, filepath.Join(dir, place), hash, func(image Image) error {
			s.count(&image, hosts)
			if image.File != "" {
				image.File = path.Join(place, image.File)
			}
			if each == nil {
				return nil
			}
			return each(image)
		})
		if err != nil {
			return nil, err
		}
	}
	s.Hosts = worst(hosts)
	return s, ctx.Err()
}

// add reads the manifest of one directory, and passes on its records.
func (s *Survey) add(ctx context.Context, dir string, hash bool, each func(Image) error) error {
	records, err := manifest.Read(dir)
	if err != nil {
		return err
	}
	defer func() { _ = records.Close() }()
	root, err := os.OpenRoot(dir)
	if err != nil {
		return err
	}
	defer func() { _ = root.Close() }()
	s.Damaged += records.Damaged()
	for image, err := range inspect(ctx, root, records, hash) {
		if err == nil {
			err = each(image)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (s *Survey) count(image *Image, hosts map[string]*Host) {
	s.Images++
	host := hosts[hostOf(image.URL)]
	if host == nil {
		host = &Host{Name: hostOf(image.URL)}
		hosts[host.Name] = host
	}
	if image.Status != downloader.StatusOK {
		s.Failed++
		host.Failed++
		s.Classes[image.Class]++
		if image.Class.Gone(image.HTTPStatus) {
			s.Gone++
		}
		return
	}
	s.OK++
	host.OK++
	s.Bytes += image.Bytes
	if filepath.Dir(image.File) != "." {
		s.Earlier++
	}
	switch image.State {
	case Changed:
		s.Changed++
	case Missing:
		s.Missing++
	}
}

// hostOf returns the host of a URL, or "" if it is none.
func hostOf(raw string) string {
	if mapped, err := weburl.Map(raw); err == nil {
		raw = mapped
	}
	u, err := url.Parse(raw)
	if err != nil {
		return ""
	}
	return strings.ToLower(u.Host)
}

// worst returns the hosts with failures, those with most of them first.
func worst(hosts map[string]*Host) []Host {
	var failing []Host
	for host := range maps.Values(hosts) {
		if host.Failed > 0 {
			failing = append(failing, *host)
		}
	}
	slices.SortFunc(failing, func(a, b Host) int {
		return cmp.Or(b.Failed-a.Failed, a.OK-b.OK, cmp.Compare(a.Name, b.Name))
	})
	return failing
}
