package machine

import (
	"bytes"
	"os"
	"strconv"
)

// peakRSS returns the process's peak resident memory in bytes. Not from
// getrusage: its figure outlives exec, so that a child would begin with the size
// of its parent.
func peakRSS() int64 {
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return 0
	}
	for line := range bytes.Lines(status) {
		if value, ok := bytes.CutPrefix(line, []byte("VmHWM:")); ok {
			kib, _ := strconv.ParseInt(string(bytes.TrimSpace(bytes.TrimSuffix(bytes.TrimSpace(value), []byte("kB")))), 10, 64)
			return kib << 10
		}
	}
	return 0
}

// ResetPeakRSS makes the process's present size its peak, so that the next run
// is not charged with the one before.
func ResetPeakRSS() {
	_ = os.WriteFile("/proc/self/clear_refs", []byte("5"), 0) // refused in some sandboxes: the peak is then the process's whole life's
}
