package config

import (
	"errors"
	"io/fs"

	"grab/config/args"
	"grab/config/setting"
	"grab/downloader"
)

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
		return downloader.UsageErrorf("", "unknown command %s%s", path.Path, args.DidYouMean("", near))
	}
	return &downloader.UsageError{Source: path.Path, Err: path.Err}
}
