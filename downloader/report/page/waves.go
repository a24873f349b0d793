package page

import (
	"cmp"
	"slices"

	"grab/downloader/report"
)

// waves returns in how many waves the workers of a run took their images: in each, every worker
// begins one before any of them ends its own. It returns 0 if the images overlap otherwise, as
// they do unless all take about the same time.
func waves(run *report.Run) int {
	of := map[int][]report.Image{} // by worker
	count := 0
	for _, image := range run.Images {
		of[image.Worker] = append(of[image.Worker], image)
		count = max(count, len(of[image.Worker]))
	}
	for worker := range of {
		slices.SortFunc(of[worker], func(a, b report.Image) int { return cmp.Compare(a.Start, b.Start) })
	}
	for wave := range count {
		lastStart, firstEnd := 0.0, 0.0
		for _, images := range of {
			if wave >= len(images) {
				continue
			}
			start := images[wave].Start
			end := start + images[wave].Timing.Total
			lastStart = max(lastStart, start)
			if firstEnd == 0 || end < firstEnd {
				firstEnd = end
			}
		}
		if lastStart >= firstEnd {
			return 0
		}
	}
	return count
}
