package report

import "grab/downloader/report/internal/stats"

// intervalRounds is the smallest number of rounds with which the median has an interval of the
// usual confidence.
const intervalRounds = 6

// roundsToTell returns the smallest number of rounds, from least on, with which the difference of
// each of so many pairs could be significant.
func roundsToTell(pairs, least int) int {
	for stats.SmallestP(least, least)*float64(pairs) >= stats.Alpha {
		least++
	}
	return least
}
