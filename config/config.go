package config

import (
	"time"

	"grab/config/value"
	"grab/downloader"
)

// Config holds the settings of one command, validated. The fields of settings that
// the command does not have are zero.
type Config struct {
	// Options are the settings of a run. Workers, Grace, DialTo and RootCAs are left to
	// the caller, and so is a UserAgent that is empty. Compare has no Mode: it runs all
	// of Modes.
	Options downloader.Options

	N     []int    // downloads at a time; only compare may have several numbers; see [Resolve]
	Lists []string // positional arguments: list files, URLs, "-" for standard input

	WebLists   []string // URLs of lists, which Lists has as well
	ListFormat string   // how all lists are written; empty: told by their names and contents
	URLColumn  string   // name or number of the column of the URLs; empty: it is guessed

	Local     bool          // the embedded server answers for every host
	Latency   time.Duration // time to the first byte of an image
	Jitter    time.Duration // the latency varies by up to this much, in both directions
	Bandwidth int64         // bytes per second of each response; 0: unlimited
	Seed      int64         // of the images and of all random choices
	Faults    string        // the faults that the server plays, or the file that lists them; may be empty
	Images    int           // download this many images of the server; above 0 only with Local and without Lists
	Size      string        // of these images: "200x300"; empty without Images

	Netrc bool // the user's .netrc is in Options.Netrc

	AllowEmpty bool // a list without entries is no mistake

	Name       string // template of the names of files; empty: image_{index}
	OnConflict string // "number" or "fail"; empty for commands without names
	Dedupe     bool   // equal bytes are stored once

	Part        value.Part    // of the list that this run is about
	PartBy      string        // "line" or "host"; empty for commands without parts
	DryRun      bool          // only say what a run would do
	FailedList  string        // file for the list of what failed; empty: none
	Log         string        // file for what goes wrong in the run; empty: none
	Exec        []string      // the command for each image that was fetched; empty: none
	SaveCookies string        // file for the cookies at the end; empty: none
	MaxImages   int           // stop after so many images; 0: none of these limits
	MaxBytes    int64         // stop after so many bytes were received
	MaxTime     time.Duration // stop after this time
	MaxFailures float64       // stop if more than so many percent of the last images failed

	// At most one of JSON, CSV, Markdown, Benchfmt and Failed is set.
	JSON     bool   // standard output is JSON lines
	CSV      bool   // standard output is CSV with a line for each run
	Markdown bool   // standard output is a Markdown table
	Benchfmt bool   // standard output is in Go's benchmark format
	Failed   bool   // standard output is a list of the URLs that failed
	HTML     string // file for the report as a web page; empty: none
	Quiet    bool   // no progress, and of the summary the failures alone; never with Verbose
	Silent   bool   // not even failures; then Quiet is set, too
	Verbose  bool   // a line for each image, or for each request served
	Progress string // "auto", "bar", "plain" or "none"
	Web      string // host:port of the live page; empty: none

	Rounds int               // compare runs every mode this many times; 0: as many as the contenders need
	Modes  []downloader.Mode // that compare runs
	With   []value.Program   // other programs that compare runs
	Preset string            // experiment of compare, whose conditions are in the other fields; empty: none
	Sweep  value.Sweep       // compare runs an experiment for each value; see [Config.Points]
	Addr   string            // host:port that serve listens on

	Warnings []string // what is odd, but no mistake: each a sentence for the user

	File   string // the configuration file that was read; empty: none
	NoFile bool   // none is read
}
