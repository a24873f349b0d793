package config

import (
	"fmt"
	"time"

	"github.com/urfave/cli/v2"
)

// Build is what a program knows of itself.
type Build struct {
	Version string
	Details string    // further lines of grab version, each with its end
	Date    time.Time // of the manual page
}

func printVersion(c *cli.Context, build Build) error {
	_, err := fmt.Fprintf(c.App.Writer, "grab version %s\n%s", build.Version, build.Details)
	return err
}
