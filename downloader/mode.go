package downloader

// Mode is how the items of a list are spread over workers.
type Mode string

// The modes. All of them run the same fetcher.
const (
	Sequential Mode = "sequential" // one after another
	Pool       Mode = "pool"       // goroutines over one HTTP client
	Process    Mode = "process"    // child processes, each with one download in flight
)

// Modes returns all modes, the baseline first.
func Modes() []Mode { return []Mode{Sequential, Pool, Process} }

// Verify is how much is asked of a body before it counts as an image.
type Verify string

// The levels of verification.
const (
	VerifyNone      Verify = "none"      // any body of a successful response
	VerifyType      Verify = "type"      // its first bytes say that it is an image
	VerifyStructure Verify = "structure" // and it is whole, as far as its format tells
	VerifyDecode    Verify = "decode"    // and its pixels decode, where there is a decoder
)

// Verifies returns all levels of verification, the weakest first.
func Verifies() []Verify { return []Verify{VerifyNone, VerifyType, VerifyStructure, VerifyDecode} }
