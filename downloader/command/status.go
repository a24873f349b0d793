package command

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"

	"github.com/urfave/cli/v2"

	"grab/config"
	"grab/config/setting"
	"grab/downloader"
	"grab/downloader/survey"
)

// status says what an output directory has.
func (p *program) status(c *cli.Context) error {
	cfg, dir, err := p.surveyed(c, setting.Status)
	if err != nil {
		return err
	}
	out := bufio.NewWriter(p.stdout)
	var each func(survey.Image) error
	var table *survey.CSV
	switch {
	case cfg.CSV:
		table = survey.NewCSV(out)
		each = table.Write
	case cfg.Failed:
		table, err := survey.FailedTable(c.Context, dir)
		if err != nil {
			return noManifest(dir, err)
		}
		each = func(image survey.Image) error { return survey.WriteFailed(out, image, table) }
	}
	s, err := survey.Of(c.Context, dir, false, each)
	switch {
	case err != nil:
		return noManifest(dir, err)
	case cfg.JSON:
		err = s.WriteJSON(out)
	case cfg.CSV:
		err = table.Flush()
	case !cfg.Failed:
		err = s.Write(out)
	}
	return errors.Join(err, out.Flush())
}

// check hashes the files of an output directory, and says which are not as the
// manifest has them.
func (p *program) check(c *cli.Context) error {
	cfg, dir, err := p.surveyed(c, setting.Check)
	if err != nil {
		return err
	}
	out := bufio.NewWriter(p.stdout)
	s, err := survey.Of(c.Context, dir, true, func(image survey.Image) error {
		switch {
		case image.State != survey.Changed && image.State != survey.Missing:
			return nil
		case cfg.JSON:
			return json.NewEncoder(out).Encode(map[string]any{"type": "file", "index": image.Index, "url": image.URL, "file": image.File, "state": image.State})
		}
		_, err := fmt.Fprintf(out, "%-8s %s: %s\n", image.State, image.File, image.Where())
		return err
	})
	if err != nil {
		return errors.Join(noManifest(dir, err), out.Flush())
	}
	if s.Changed+s.Missing+s.Damaged > 0 {
		p.exit = exitFailed
	}
	if cfg.JSON {
		err = s.WriteJSON(out)
	} else {
		_, err = fmt.Fprintf(out, "%d files: %d intact, %d changed, %d missing; %d damaged lines in the manifest\n", s.OK, s.OK-s.Changed-s.Missing, s.Changed, s.Missing, s.Damaged)
	}
	return errors.Join(err, out.Flush())
}

// surveyed returns the settings of a command that looks at a directory, and the directory:
// the one that its argument names, or the default one.
func (p *program) surveyed(c *cli.Context, cmd setting.Command) (cfg config.Config, dir string, err error) {
	cfg, err = p.resolve(c, cmd)
	switch {
	case err != nil:
		return cfg, "", err
	case len(cfg.Lists) > 1:
		return cfg, "", downloader.UsageErrorf("", "several directories: name one")
	case len(cfg.Lists) == 1:
		return cfg, cfg.Lists[0], nil
	}
	return cfg, cfg.Options.Dir, nil
}

// noManifest explains an error of reading a directory.
func noManifest(dir string, err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return downloader.UsageErrorf("", "%s has no manifest.jsonl: no grab has finished an image there", dir)
	}
	return err
}
