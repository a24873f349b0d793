package command

import (
	"runtime"
	"runtime/debug"
	"strings"
	"testing"
)

// grab version says what the Go tools have recorded, and no more.
func TestThisBuild(t *testing.T) {
	type settings = []debug.BuildSetting
	checkout := settings{{Key: "vcs.revision", Value: "abcdef0123456789"}, {Key: "vcs.time", Value: "2026-11-26T10:35:00Z"}, {Key: "vcs.modified", Value: "false"}}
	changed := append(checkout[:2:2], debug.BuildSetting{Key: "vcs.modified", Value: "true"})
	for _, test := range []struct {
		name, module   string
		settings       settings
		unknown        bool
		commit, wanted string
		date           string
	}{
		{name: "a checkout", module: "v0.1.1-0.20261126103500-abcdef012345", settings: checkout,
			commit: "abcdef0123456789 of 2026-11-26T10:35:00Z", wanted: "v0.1.1-0.20261126103500-abcdef012345", date: "2026-11-26"},
		{name: "a checkout with changes", module: "v0.1.1-0.20261126103500-abcdef012345+dirty", settings: changed,
			commit: "abcdef0123456789 of 2026-11-26T10:35:00Z, with changes", wanted: "v0.1.1-0.20261126103500-abcdef012345+dirty", date: "2026-11-26"},
		{name: "go install at a commit", module: "v0.0.0-20261125103500-abcdef012345",
			commit: "abcdef012345 of 2026-11-25T10:35:00Z", wanted: "v0.0.0-20261125103500-abcdef012345", date: "2026-11-25"},
		{name: "go install at a version", module: "v0.2.0", commit: "unknown", wanted: "v0.2.0"},
		{name: "-buildvcs=false", module: "(devel)", commit: "unknown", wanted: "unknown"},
		{name: "without build information", unknown: true, commit: "unknown", wanted: "unknown"},
	} {
		info := &debug.BuildInfo{Main: debug.Module{Version: test.module}, Settings: test.settings}
		if test.unknown {
			info = nil
		}
		got := thisBuild(info, !test.unknown)
		want := "commit:   " + test.commit + "\nmodule:   " + test.wanted + "\ngo:       " + runtime.Version() + "\nplatform: " + runtime.GOOS + "/" + runtime.GOARCH + "\n"
		if got.Details != want || got.Version != version || !strings.HasPrefix(got.Date.Format("2006-01-02"), test.date) {
			t.Errorf("%s: %v\n%s", test.name, got.Date, got.Details)
		}
	}
}
