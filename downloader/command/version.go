package command

import (
	"cmp"
	"fmt"
	"regexp"
	"runtime"
	"runtime/debug"
	"strings"
	"time"

	"grab/config"
)

// version is what -version prints and the User-Agent contains.
const version = "0.1.0"

// thisBuild describes the program by what the Go tools recorded in it. A build from a
// checkout has the commit, one from the module proxy a version that may contain it, and one
// with -buildvcs=false neither.
func thisBuild(info *debug.BuildInfo, known bool) config.Build {
	if !known {
		info = &debug.BuildInfo{}
	}
	settings := map[string]string{}
	for _, s := range info.Settings {
		settings[s.Key] = s.Value
	}
	module := strings.TrimPrefix(info.Main.Version, "(devel)")
	commit, stamp := settings["vcs.revision"], settings["vcs.time"]
	date, err := time.Parse(time.RFC3339, stamp)
	if pseudo := regexp.MustCompile(`(\d{14})-([0-9a-f]{12})(\+.*)?$`).FindStringSubmatch(module); commit == "" && pseudo != nil {
		commit = pseudo[2]
		date, err = time.Parse("20060102150405", pseudo[1])
	}
	if commit != "" && err == nil {
		commit += " of " + date.Format(time.RFC3339)
	}
	if commit != "" && settings["vcs.modified"] == "true" {
		commit += ", with changes"
	}
	if err != nil {
		date = time.Now()
	}
	const unknown = "unknown"
	return config.Build{
		Version: version, Date: date,
		Details: fmt.Sprintf("commit:   %s\nmodule:   %s\ngo:       %s\nplatform: %s/%s\n",
			cmp.Or(commit, unknown), cmp.Or(module, unknown), runtime.Version(), runtime.GOOS, runtime.GOARCH),
	}
}
