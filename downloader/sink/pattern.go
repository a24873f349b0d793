package sink

import (
	"fmt"
	"path"
	"strconv"
	"strings"
	"time"
)

// Fill returns the name of a file with the pattern. sum is its SHA-256 in hexadecimal.
func Fill(pattern, ext, sum string, day time.Time) string {
	return fill(pattern, ext, sum, day.UTC().Format(time.DateOnly))
}

func fill(pattern, ext, sum, day string) string {
	if strings.IndexByte(pattern, mark) < 0 {
		return pattern + ext
	}
	var b strings.Builder
	for pattern != "" {
		if !isMark(pattern) {
			b.WriteByte(pattern[0])
			pattern = pattern[1:]
			continue
		}
		switch pattern[:markSize] {
		case MarkDate:
			b.WriteString(day)
		case MarkExt:
			b.WriteString(strings.TrimPrefix(ext, "."))
		default:
			n, _ := strconv.Atoi(pattern[1:markSize])
			b.WriteString(sum[:min(n, len(sum))])
		}
		pattern = pattern[markSize:]
	}
	return Portable(b.String()) + ext // what is filled in may join with what is beside it
}

// Refill returns the name that an earlier file should have by a pattern. It keeps the day
// that the file's name has.
func Refill(pattern, file, sum string, today time.Time) string {
	ext := path.Ext(file)
	if strings.Contains(pattern, MarkDate) {
		for i := 0; i+len(time.DateOnly) <= len(file); i++ {
			day := file[i : i+len(time.DateOnly)]
			if _, err := time.Parse(time.DateOnly, day); err == nil && fill(pattern, ext, sum, day) == file {
				return file
			}
		}
	}
	return Fill(pattern, ext, sum, today)
}

// Numbered returns the pattern for the n-th entry that wants it.
func Numbered(pattern string, n int) string {
	suffix := fmt.Sprintf("-%d", n)
	start := strings.LastIndexByte(pattern, '/') + 1
	return pattern[:start] + cut(pattern[start:], maxElement-len(suffix)) + suffix
}
