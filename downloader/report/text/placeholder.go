package text

import (
	"grab/downloader"
	"grab/downloader/report"
)

// placeholder stands in a table where a contender without times would have its median.
func placeholder(f *report.Figures) string {
	if !f.Ran() {
		return "not run"
	}
	return "FAILED"
}

// memory formats a contender's peak memory, or a dash if it is unknown.
func memory(f *report.Figures) string {
	if f.PeakRSSBytes == 0 {
		return "-"
	}
	return downloader.FormatBytes(f.PeakRSSBytes)
}
