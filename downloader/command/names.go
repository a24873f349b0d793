package command

import (
	"fmt"

	"grab/config"
	"grab/downloader"
	"grab/downloader/naming"
)

// named gives the items of a list the names that -name says.
func named(cfg config.Config, src downloader.Source) (downloader.Source, error) {
	if cfg.Name == "" {
		return src, nil
	}
	template, err := naming.Parse(cfg.Name)
	if err == nil && len(template.Columns()) > 0 {
		err = fmt.Errorf("{%s} is no field, and the list has no columns", template.Columns()[0])
	}
	if err != nil {
		return nil, &downloader.UsageError{Source: "-name", Err: err}
	}
	return naming.Rule{Template: template, Unique: cfg.OnConflict == "fail"}.Apply(src), nil
}
