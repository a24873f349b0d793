package source

import (
	"slices"

	"github.com/urfave/cli/v2"

	"grab/config/setting"
	"grab/downloader"
)

// FromFlags returns what the flags of c and of the commands above it say. The
// nearest command overrides the others: `grab -n 3 compare` is `grab compare -n 3`.
func FromFlags(c *cli.Context, cmd setting.Command, table []setting.Setting) (Choices, error) {
	flags := Choices{}
	for _, level := range c.Lineage() {
		set := level.LocalFlagNames()
		for _, s := range table {
			if !slices.Contains(set, s.Name) || s.OtherOf(cmd, table) {
				continue
			}
			if !s.Of(cmd) {
				return nil, notOffered(s.Name, s, cmd)
			}
			if _, nearer := flags[s.Name]; nearer {
				continue
			}
			texts := []string{level.String(s.Name)}
			if s.Kind == setting.List {
				texts = level.StringSlice(s.Name)
			}
			flags[s.Name] = Choice{Origin: "-" + s.Name, Texts: texts}
		}
	}
	return flags, nil
}

// notOffered returns the error for a flag, typed as name, that cmd does not have.
func notOffered(name string, s setting.Setting, cmd setting.Command) error {
	return downloader.UsageErrorf("-"+name, "is a flag of %s, not of %s", s.Commands, cmd)
}
