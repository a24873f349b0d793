//go:build !linux

package machine

// peakRSS returns 0: the peak is unknown on this system.
func peakRSS() int64 { return 0 }

// ResetPeakRSS does nothing on this system.
func ResetPeakRSS() {}
