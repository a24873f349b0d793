package command

import (
	"grab/config"
	"grab/downloader"
	"grab/downloader/naming"
)

// named gives the items of a list the names that -name and the list say.
func named(cfg config.Config, src downloader.Source) (downloader.Source, error) {
	rule := naming.Rule{Unique: cfg.OnConflict == "fail"}
	if cfg.Name != "" {
		template, err := naming.Parse(cfg.Name)
		if err != nil {
			return nil, &downloader.UsageError{Source: "-name", Err: err}
		}
		rule.Template = template
	}
	return rule.Apply(src), nil
}
