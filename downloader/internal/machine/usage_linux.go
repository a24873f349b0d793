package machine

import (
	"bytes"
	"os"
	"strconv"
)

// peakRSS returns the process's peak resident memory in bytes. It does not use
// getrusage, whose figure survives exec: a child process would start with the size
// of its parent.
func peakRSS() int64 {
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return 0
	}
	for line := range bytes.Lines(status) {
		if value, ok := bytes.CutPrefix(line, []byte("VmHWM:")); ok {
			number := bytes.TrimSpace(bytes.TrimSuffix(bytes.TrimSpace(value), []byte("kB")))
			kib, _ := strconv.ParseInt(string(number), 10, 64)
			return kib << 10
		}
	}
	return 0
}

// ResetPeakRSS makes the process's current size its peak, so that the peak of the
// next run does not include the run before. Some sandboxes refuse that: then the
// peak is that of the process's whole life.
func ResetPeakRSS() {
	_ = os.WriteFile("/proc/self/clear_refs", []byte("5"), 0)
}
