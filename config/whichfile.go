package config

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"grab/downloader"
)

// userFile returns the path of the user's own file of settings, which need not be there, or
// "" if the system does not say where such files are.
func userFile() string {
	dir := os.Getenv("XDG_CONFIG_HOME") // on all systems: os.UserConfigDir asks it on some
	if !filepath.IsAbs(dir) {
		var err error
		if dir, err = os.UserConfigDir(); err != nil {
			return ""
		}
	}
	return filepath.Join(dir, "grab", "config.toml")
}

// theFile reads the file of settings, and returns its path: the one that the flag or the
// environment names, or else userFile. There may be none.
func theFile(flags, env source, userFile string) (file source, path string, err error) {
	allowed := false // by -no-config=false, which overrides the environment
	for _, src := range []source{flags, env} {
		named, isNamed := src["config"]
		none, isSaid := src["no-config"]
		refused, _ := strconv.ParseBool(strings.Join(none.texts, "")) // merge reports an error
		switch refused = refused && !allowed; {
		case isNamed && refused:
			return nil, "", downloader.UsageErrorf(none.origin, "contradicts %s", named.origin)
		case refused, isNamed && named.texts[0] == "": // merge refuses an empty name
			return nil, "", nil
		case isNamed:
			file, err = fromFile(named.texts[0], named.origin)
			return file, named.texts[0], err
		}
		allowed = isSaid
	}
	if _, err := os.Stat(userFile); err != nil {
		return nil, "", nil
	}
	file, err = fromFile(userFile, "")
	return file, userFile, err
}
