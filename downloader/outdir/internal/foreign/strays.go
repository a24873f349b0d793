package outdir

import (
	"errors"
	"io/fs"
	"iter"
	"maps"
	"os"
	"slices"

	"grab/downloader/sink"
)

// strays are the files with names that grab may give, in all folders, that are in no
// record: the names by their folded stems.
type strays map[string][]string

// findStrays looks for files that owned does not report.
func findStrays(dir *os.Root, owned func(name string) bool) (strays, error) {
	found := strays{}
	err := fs.WalkDir(dir.FS(), ".", func(name string, entry fs.DirEntry, err error) error {
		switch {
		case name != "." && (errors.Is(err, fs.ErrPermission) || errors.Is(err, fs.ErrNotExist)):
			return fs.SkipDir // nothing can get a name there
		case err != nil || name == ".":
			return err
		case entry.IsDir():
			if sink.Portable(name+"/x") != name+"/x" {
				return fs.SkipDir // no folder of an image, such as the state folder
			}
		case entry.Type().IsRegular() && sink.IsGiven(name) && !owned(name):
			found.add(name)
		}
		return nil
	})
	return found, err
}

func (s strays) add(name string) {
	key := sink.Fold(sink.Stem(name))
	s[key] = append(s[key], name)
}

func (s strays) has(name string) bool {
	return slices.Contains(s[sink.Fold(sink.Stem(name))], name)
}

// drop removes a name, if it is there.
func (s strays) drop(name string) {
	if !s.has(name) {
		return
	}
	key := sink.Fold(sink.Stem(name))
	s[key] = slices.DeleteFunc(s[key], func(other string) bool { return other == name })
}

// all yields the names.
func (s strays) all() iter.Seq[string] {
	return func(yield func(string) bool) {
		for _, key := range slices.Sorted(maps.Keys(s)) {
			for _, name := range s[key] {
				if !yield(name) {
					return
				}
			}
		}
	}
}
