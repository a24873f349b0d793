//go:build !unix

package ledger

import "time"

// cpuTime returns 0: this system does not tell the time of a process.
func cpuTime() time.Duration { return 0 }
