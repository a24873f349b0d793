package config

import (
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"grab/config/args"
	"grab/config/setting"
	"grab/downloader"
)

// flagError turns an error of the flag parser into a [*downloader.UsageError], with a
// suggestion for a flag that was mistyped.
func flagError(err error, cmd setting.Command) error {
	message := err.Error()
	if name, ok := strings.CutPrefix(message, "flag provided but not defined: -"); ok {
		return unknownFlag(name, cmd)
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

func unknownFlag(name string, cmd setting.Command) error {
	candidates := []string{"help"}
	for _, s := range settings(&Config{}) {
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
	return downloader.UsageErrorf("", "unknown flag -%s%s", name, didYouMean("-", near))
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

// ExplainListError returns the usage error for lists that cannot be opened, which is the
// result of opening them. The path of an *[fs.PathError] that is the first of lists
// may be a mistyped command.
func ExplainListError(err error, lists []string) error {
	path, ok := errors.AsType[*fs.PathError](err)
	switch {
	case !ok:
		return err
	case path.Path == "":
		return downloader.UsageErrorf("", `an argument is "": name a file of URLs, a URL, or - for standard input (a shell variable may be empty)`)
	}
	if near := args.Suggest(path.Path, append(setting.SubcommandNames(), "-help", "-version")); near != "" && path.Path == lists[0] {
		return downloader.UsageErrorf("", "unknown command %s%s", path.Path, didYouMean("", near))
	}
	return &downloader.UsageError{Source: path.Path, Err: path.Err}
}

func didYouMean(prefix, suggestion string) string {
	if suggestion == "" {
		return ""
	}
	return "; did you mean " + prefix + suggestion + "?"
}
