package args

import (
	"slices"
	"strings"
	"testing"

	"github.com/urfave/cli/v2"
)

// A flag may take a value for one command and be a switch of another. A command that comes
// before it decides; without one it takes a value.
func TestReorderByCommand(t *testing.T) {
	app := &cli.App{
		Flags: []cli.Flag{&cli.StringFlag{Name: "failed"}, &cli.BoolFlag{Name: "v"}},
		Commands: []*cli.Command{
			{Name: "status", Flags: []cli.Flag{&cli.BoolFlag{Name: "failed"}}},
			{Name: "check", Flags: []cli.Flag{&cli.BoolFlag{Name: "v"}}},
		},
	}
	for line, want := range map[string]string{
		"status -failed dir":     "status -failed dir",
		"status dir -failed":     "status -failed dir",
		"list -failed out.txt":   "-failed out.txt list",
		"-failed out.txt list":   "-failed out.txt list",
		"check dir -failed x -v": "check -failed x -v dir",
	} {
		got, err := Reorder(strings.Fields("grab "+line), app)
		if err != nil || !slices.Equal(got, strings.Fields("grab "+want)) {
			t.Errorf("%s:\ngot  %q (%v)\nwant %s", line, got, err, want)
		}
	}
}
