//go:build !linux

package machine

// peakRSS is not told on this system: 0.
func peakRSS() int64 { return 0 }

// ResetPeakRSS does nothing on this system.
func ResetPeakRSS() {}
