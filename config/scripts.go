package config

import "grab/config/value"

// scriptSettings are those of runs that nobody watches.
func scriptSettings(c *Config) []setting {
	return []setting{
		{name: "part", commands: Download, shown: "the whole list",
			usage: "download one `PART` of the list, such as 3/10, into a directory of its own in -out; auto/10 takes the number from Kubernetes, Slurm or AWS Batch, and auto the 10 as well where they say it",
			set:   to(&c.Part, value.ParsePart)},
		{name: "part-by", commands: Download, initial: "line",
			usage: "divide the list by `WHAT`: line, or host, so that only one part asks a host",
			set:   to(&c.PartBy, value.OneOf("line", "host"))},
		{name: "dry-run", kind: toggle, commands: Download, initial: "false",
			brief: "only say what a run would do",
			usage: "only say what would be asked for, skipped and refused; uses no network and writes nothing",
			set:   to(&c.DryRun, value.Bool)},
		{name: "failed", commands: Download,
			brief: "write a list of what failed, to try again",
			usage: "write a list of what failed to `FILE`, in the form of the list: the rows of a table, or URLs with the reason of each in a comment",
			set:   to(&c.FailedList, value.Path)},
		{name: "log", commands: Download,
			usage: "append failures, retries and hosts that are left alone to `FILE`: as JSON if its name ends in .json or .jsonl, else as text",
			set:   to(&c.Log, value.Path)},
		{name: "exec", commands: Download,
			usage: "run `COMMAND` for each image that is fetched, such as 'exiftool {file}'; as many at a time as there are CPUs",
			set:   to(&c.Exec, value.Command)},
		{name: "max-images", commands: Download, shown: "no limit",
			usage: "stop once `N` images are fetched; those in flight may still finish",
			set:   to(&c.MaxImages, value.Int(1, 1_000_000_000))},
		{name: "max-bytes", commands: Download, shown: "no limit",
			usage: "stop once `SIZE` is received, failed attempts included; images in flight may still finish",
			set:   to(&c.MaxBytes, value.PositiveSize)},
		{name: "max-time", commands: Download, shown: "no limit",
			usage: "stop after `TIME`, such as 8h; images in flight may still finish",
			set:   to(&c.MaxTime, value.PositiveDuration)},
		{name: "max-failures", commands: Download, shown: "no limit",
			usage: "stop once more than `PERCENT` of the last 1,000 images failed, such as 20%",
			set:   to(&c.MaxFailures, value.Percent)},
	}
}
