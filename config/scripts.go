package config

import (
	"grab/config/setting"
	"grab/config/value"
)

// scriptSettings are those of runs that nobody watches.
func scriptSettings(c *Config) []setting.Setting {
	return []setting.Setting{
		{Name: "part", Commands: setting.Download, Shown: "the whole list",
			Usage: "download one `PART` of the list, such as 3/10, into a directory of its own in -out; auto/10 takes the number from Kubernetes, Slurm or AWS Batch, and auto the 10 as well where they say it",
			Set:   to(&c.Part, value.ParsePart)},
		{Name: "part-by", Commands: setting.Download, Initial: "line",
			Usage: "divide the list by `WHAT`: line, or host, so that only one part asks a host",
			Set:   to(&c.PartBy, value.OneOf("line", "host"))},
		{Name: "dry-run", Kind: setting.Toggle, Commands: setting.Download, Initial: "false",
			Brief: "only say what a run would do",
			Usage: "only say what would be asked for, skipped and refused; uses no network and writes nothing",
			Set:   to(&c.DryRun, value.Bool)},
		{Name: "failed", Commands: setting.Download,
			Brief: "write a list of what failed, to try again",
			Usage: "write a list of what failed to `FILE`, in the form of the list: the rows of a table, or URLs with the reason of each in a comment",
			Set:   to(&c.FailedList, value.Path)},
		{Name: "log", Commands: setting.Download,
			Usage: "append failures, retries and hosts that are left alone to `FILE`: as JSON if its name ends in .json or .jsonl, else as text",
			Set:   to(&c.Log, value.Path)},
		{Name: "exec", Commands: setting.Download,
			Usage: "run `COMMAND` for each image that is fetched, such as 'exiftool {file}'; as many at a time as there are CPUs",
			Set:   to(&c.Exec, value.Command)},
		{Name: "max-images", Commands: setting.Download, Shown: "no limit",
			Usage: "stop once `N` images are fetched; those in flight may still finish",
			Set:   to(&c.MaxImages, value.Int(1, 1_000_000_000))},
		{Name: "max-bytes", Commands: setting.Download, Shown: "no limit",
			Usage: "stop once `SIZE` is received, failed attempts included; images in flight may still finish",
			Set:   to(&c.MaxBytes, value.PositiveSize)},
		{Name: "max-time", Commands: setting.Download, Shown: "no limit",
			Usage: "stop after `TIME`, such as 8h; images in flight may still finish",
			Set:   to(&c.MaxTime, value.PositiveDuration)},
		{Name: "max-failures", Commands: setting.Download, Shown: "no limit",
			Usage: "stop once more than `PERCENT` of the last 1,000 images failed, such as 20%",
			Set:   to(&c.MaxFailures, value.Percent)},
	}
}
