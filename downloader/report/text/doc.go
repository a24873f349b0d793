// Package text writes reports as text. It has the summary and the JSON lines of a download. It
// writes experiments as tables and timelines for a terminal, as Markdown, as CSV, and in the
// format of Go's benchmarks.
package text
