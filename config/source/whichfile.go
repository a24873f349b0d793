package source

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"grab/config/setting"
	"grab/downloader"
)

// UserFile returns the path of the user's own file of settings, which need not be there, or
// "" if the system does not say where such files are.
func UserFile() string {
	dir := os.Getenv("XDG_CONFIG_HOME") // on all systems: os.UserConfigDir asks it on some
	if !filepath.IsAbs(dir) {
		var err error
		if dir, err = os.UserConfigDir(); err != nil {
			return ""
		}
	}
	return filepath.Join(dir, "grab", "config.toml")
}

// FromFile reads the file of settings, and returns its path: the one that the flag or the
// environment names, or else the user's own. There may be none. If there is one that cannot
// be read, that is an error: without it, a run would not be what the user asked for.
func FromFile(flags, env Choices, userFile string, table []setting.Setting) (file Choices, path string, err error) {
	allowed := false // by -no-config=false, which overrides the environment
	for _, src := range []Choices{flags, env} {
		named, isNamed := src["config"]
		none, isSaid := src["no-config"]
		refused, _ := strconv.ParseBool(strings.Join(none.Texts, "")) // merge reports an error
		switch refused = refused && !allowed; {
		case isNamed && refused:
			return nil, "", downloader.UsageErrorf(none.Origin, "contradicts %s", named.Origin)
		case refused, isNamed && named.Texts[0] == "": // merge refuses an empty name
			return nil, "", nil
		case isNamed:
			file, err = readFile(named.Texts[0], named.Origin, table)
			return file, named.Texts[0], err
		}
		allowed = isSaid
	}
	file, err = readFile(userFile, "", table)
	// A service may have /dev/null as its home, and after su the home may be one that this user
	// must not look into. There is no file of the user's there.
	if _, unseen := os.Lstat(userFile); unseen != nil || errors.Is(err, fs.ErrNotExist) {
		return nil, "", nil
	}
	return file, userFile, err
}
