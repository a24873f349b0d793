package text

import "grab/downloader/report"

// placeholder stands in a table where a contender without times would have its median.
func placeholder(f *report.Figures) string {
	if !f.Ran() {
		return "not run"
	}
	return "FAILED"
}
