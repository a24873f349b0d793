package config

import (
	"net/http"
	"time"
)

// Config is everything a user can choose, validated. A field that the command
// does not offer is zero.
type Config struct {
	Mode  string   // "sequential", "pool" (default) or "process"; empty for compare, which runs all
	N     []int    // downloads at a time, never empty where the command offers it: see [Resolve]; one number but for compare
	Out   string   // output directory, default "images"
	Lists []string // positional arguments: list files, URLs, "-" for standard input

	Local     bool          // answer every host from the embedded server
	Latency   time.Duration // time to the first byte of an image, default 500ms
	Jitter    time.Duration // spread of Latency, default 0
	Bandwidth int64         // bytes a second for each response, 0 (default) is unlimited
	Seed      int64         // seed of images and chance, default 1
	Faults    string        // plan of faults that the embedded server plays, or the file that holds it
	Images    int           // URLs of the embedded server in place of a list; above 0 only with Local and no Lists
	Size      string        // of these images, in pixels, default "200x300"

	ConnectTimeout time.Duration // dial and TLS handshake, each; default 10s
	HeaderTimeout  time.Duration // from request sent to response headers, default 30s
	StallTimeout   time.Duration // longest silence inside a body, default 30s
	MinSpeed       int64         // bytes a second of a body, over a minute, default 1KiB; 0 is none
	Timeout        time.Duration // one image with all attempts and waits, default 5m; 0 is none

	Retries       int           // attempts after the first, default 4
	RetryMin      time.Duration // shortest back-off, default 250ms
	RetryMax      time.Duration // longest back-off, default 30s, never below RetryMin
	RetryAfterMax time.Duration // longest Retry-After that is waited for, default 2m

	MaxSize      int64       // body cap in bytes, default 256MiB
	MaxRedirects int         // default 10
	Header       http.Header // extra request headers
	UserAgent    string      // empty when not given: the caller knows its version
	HTTP1        bool        // no HTTP/2
	Insecure     bool        // no TLS verification
	DenyPrivate  bool        // connect to public addresses only

	Verify      string   // "none", "type", "structure" (default) or "decode"
	MaxPixels   int64    // that decode decodes, default 100 million
	Force       bool     // fetch again what is complete
	Check       bool     // hash earlier files before they count as complete
	RetryFailed []string // classes of earlier failures to try again; empty: all
	Durable     bool     // each file reaches the disk before it counts

	JSON     bool   // standard output is JSON lines
	CSV      bool   // standard output is a line for each run; of these four only one is true
	Markdown bool   // standard output is a table in Markdown
	Benchfmt bool   // standard output is in the format of Go's benchmarks
	HTML     string // file of a page about the comparison, empty for none
	Quiet    bool   // no progress and no summary; never with Verbose
	Verbose  bool   // a line for each image, or for each request served
	Progress string // "auto" (default), "bar", "plain" or "none"

	Rounds int      // compare: times each mode runs, default 6
	Modes  []string // compare: default all
	Preset string   // compare: "picsum", "waves", "cpu", "many" or empty; its conditions are in the other fields
	Sweep  Sweep    // compare: the values of a setting, an experiment for each; see [Config.Points]
	Addr   string   // serve: host:port to listen on, default "127.0.0.1:0"

	File string // the configuration file that was read, empty for none
}
