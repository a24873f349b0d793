package source

import (
	"fmt"
	"slices"
	"strings"

	"grab/config/args"
	"grab/config/setting"
	"grab/downloader"
)

// FlagError turns an error of the flag parser into a [*downloader.UsageError], with a
// suggestion for a flag that was mistyped.
func FlagError(err error, cmd setting.Command, table []setting.Setting) error {
	message := err.Error()
	if name, ok := strings.CutPrefix(message, "flag provided but not defined: -"); ok {
		return unknownFlag(name, cmd, table)
	}
	if name, ok := strings.CutPrefix(message, "flag needs an argument: "); ok {
		return needsValue(name)
	}
	if word, ok := strings.CutPrefix(message, "bad flag syntax: "); ok {
		return downloader.UsageErrorf(word, "is not a flag")
	}
	var value, name, other string
	if n, _ := fmt.Sscanf(message, "invalid boolean value %q for -%s", &value, &name); n == 2 {
		return downloader.UsageErrorf("-"+strings.TrimSuffix(name, ":"), "%q is not true or false", value)
	}
	if n, _ := fmt.Sscanf(message, "Cannot use two forms of the same flag: %s %s", &name, &other); n == 2 {
		return downloader.UsageErrorf("-"+name, "is the same flag as -%s; give one of them", other)
	}
	return &downloader.UsageError{Err: err}
}

func needsValue(flag string) error { return downloader.UsageErrorf(flag, "needs a value") }

func unknownFlag(name string, cmd setting.Command, table []setting.Setting) error {
	candidates := []string{"help"}
	for _, s := range table {
		if s.Of(cmd) {
			candidates = append(candidates, s.Name)
		} else if name == s.Name || name == s.Alias {
			return notOffered(name, s, cmd)
		}
	}
	if cmd == setting.Download {
		candidates = append(candidates, "version")
	}
	near := args.Suggest(name, candidates)
	if known := foreignFlag(name); slices.Contains(candidates, known) {
		near = known
	}
	return downloader.UsageErrorf("", "unknown flag -%s%s", name, args.DidYouMean("-", near))
}

// foreignFlag returns the flag that does what a flag of curl, wget, aria2 or xargs does,
// or "" if name is none of theirs.
func foreignFlag(name string) string {
	switch name {
	case "j", "jobs", "P", "parallel", "threads", "workers", "concurrency", "max-procs", "max-concurrent-downloads":
		return "n"
	case "O", "d", "dir", "directory", "output", "output-dir", "directory-prefix":
		return "out"
	case "k", "no-check-certificate", "check-certificate":
		return "insecure"
	case "A", "U", "ua", "agent":
		return "user-agent"
	case "t", "tries", "retry":
		return "retries"
	case "T", "max-time":
		return "timeout"
	case "s":
		return "quiet"
	}
	return ""
}
