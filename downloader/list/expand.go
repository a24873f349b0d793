package list

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// Expand returns the arguments of a command. In place of a folder it has the files in it, and
// in place of a pattern, which a shell may have left alone, the files that match. An error is
// an *[fs.PathError] that names the argument.
func Expand(args []string) ([]string, error) {
	var names []string
	for _, arg := range args {
		found, err := matches(arg)
		if err != nil {
			return nil, err
		}
		for _, name := range found {
			info, err := os.Stat(name)
			if err != nil || !info.IsDir() {
				names = append(names, name)
				continue
			}
			inside, err := filesIn(name)
			if err != nil {
				return nil, err
			}
			names = append(names, inside...)
		}
	}
	return names, nil
}

// matches returns the files that match a pattern, in the order of their names. Any other
// argument matches itself.
func matches(arg string) ([]string, error) {
	if !strings.ContainsAny(arg, "*?[") || isURL(arg) {
		return []string{arg}, nil
	}
	if _, err := os.Lstat(arg); err == nil {
		return []string{arg}, nil // a name may have such characters
	}
	names, err := filepath.Glob(arg)
	if err == nil && len(names) == 0 {
		err = errors.New("no file matches this pattern")
	}
	if err != nil {
		return nil, &fs.PathError{Op: "open", Path: arg, Err: err}
	}
	return names, nil
}

// filesIn returns the files in a folder, in the order of their names, without those that are
// hidden, and those in further folders.
func filesIn(dir string) ([]string, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	var names []string
	for _, entry := range entries {
		if strings.HasPrefix(entry.Name(), ".") {
			continue
		}
		name := filepath.Join(dir, entry.Name())
		if info, err := os.Stat(name); err == nil && info.Mode().IsRegular() {
			names = append(names, name)
		}
	}
	if len(names) == 0 {
		return nil, &fs.PathError{Op: "open", Path: dir, Err: errors.New("the folder has no list in it")}
	}
	return names, nil
}
