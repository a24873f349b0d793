package downloader

import (
	"fmt"
	"time"

	"grab/downloader/internal/sanitize"
)

// FormatBytes formats a number of bytes for people, in powers of 1000.
func FormatBytes(bytes int64) string {
	const unit = 1000
	if bytes < unit {
		return fmt.Sprintf("%d B", bytes)
	}
	value, prefix := float64(bytes)/unit, 0
	for ; value >= unit-0.05 && prefix < 4; prefix++ {
		value /= unit
	}
	return fmt.Sprintf("%.1f %cB", value, "kMGTP"[prefix])
}

// Where returns the item's line and URL, for people.
func (i Item) Where() string {
	url := sanitize.Text(i.Public().URL, MaxURL)
	if i.Line == 0 {
		return "argument " + url
	}
	return fmt.Sprintf("line %d, %s", i.Line, url)
}

// String describes the result in one line: its status, and the name of its file or
// why there is none.
func (r *Result) String() string {
	if r.Status == StatusFailed || r.Status == StatusCanceled {
		return fmt.Sprintf("%-8s %s: %s: %s", r.Status, r.Where(), r.Class, r.Error)
	}
	took := time.Duration(r.Timing.Total * float64(time.Second)).Round(time.Millisecond)
	return fmt.Sprintf("%-8s %s, %s, %v: %s", r.Status, r.File, FormatBytes(r.Bytes), took, sanitize.Text(r.URL, MaxURL))
}
