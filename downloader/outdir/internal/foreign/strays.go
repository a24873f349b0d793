package foreign

import (
	"errors"
	"io/fs"
	"iter"
	"maps"
	"os"
	"slices"

	"grab/downloader/sink"
)

// Strays are the files with names that grab may give, in all folders, that are in no
// record: the names by their folded stems.
type Strays map[string][]string

// FindStrays looks for files that owned does not report.
func FindStrays(dir *os.Root, owned func(name string) bool) (Strays, error) {
	found := Strays{}
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
			found.Add(name)
		}
		return nil
	})
	return found, err
}

// Add adds a name.
func (s Strays) Add(name string) {
	key := sink.Fold(sink.Stem(name))
	s[key] = append(s[key], name)
}

// Alike returns the names that have a stem, whatever their case and their extensions.
func (s Strays) Alike(stem string) []string { return s[sink.Fold(stem)] }

// Has reports whether a name is there.
func (s Strays) Has(name string) bool {
	return slices.Contains(s[sink.Fold(sink.Stem(name))], name)
}

// Drop removes a name, if it is there.
func (s Strays) Drop(name string) {
	if !s.Has(name) {
		return
	}
	key := sink.Fold(sink.Stem(name))
	s[key] = slices.DeleteFunc(s[key], func(other string) bool { return other == name })
}

// All yields the names.
func (s Strays) All() iter.Seq[string] {
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
