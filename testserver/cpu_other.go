//go:build !unix

package testserver

import "time"

// cpuTime is not told on this system: 0.
func cpuTime() time.Duration { return 0 }
