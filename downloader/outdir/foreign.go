package outdir

import (
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"grab/downloader/manifest"
	"grab/downloader/sink"
)

// names are those files of a directory that have names as grab gives them: their
// indices, by extension. They are read beside the manifest, which takes as long.
type names map[string][]uint32

func readNames(dir string) (names, error) {
	folder, err := os.Open(dir)
	if err != nil {
		return nil, err
	}
	defer folder.Close()
	found := names{}
	for {
		some, err := folder.Readdirnames(1024)
		for _, name := range some {
			if index, ext, ok := sink.ParseName(name); ok {
				found[ext] = append(found[ext], uint32(index))
			}
		}
		if err == io.EOF {
			return found, nil
		}
		if err != nil {
			return nil, err
		}
	}
}

// foreign reports whether any of the files is not the journal's. A link does not
// count: it is replaced, and not followed (CVE-2014-4877).
func (found names) foreign(dir string, j *manifest.Journal) bool {
	for ext, indices := range found {
		for _, index := range indices {
			if !j.Has(int(index), ext) && !isLink(filepath.Join(dir, sink.Name(int(index), ext))) {
				return true
			}
		}
	}
	return false
}

func isLink(path string) bool {
	info, err := os.Lstat(path)
	return err == nil && info.Mode()&fs.ModeSymlink != 0
}
