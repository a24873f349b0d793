package command

import (
	"fmt"
	"io"

	"github.com/urfave/cli/v2"

	"grab/config"
)

// settings prints the settings that hold.
func (p *program) settings(c *cli.Context) error {
	text, warnings, err := config.Holding(c)
	if err != nil {
		return err
	}
	for _, warning := range warnings {
		fmt.Fprintln(p.said, "grab:", warning)
	}
	_, err = io.WriteString(p.stdout, text)
	return err
}
