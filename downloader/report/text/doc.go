// Package text writes reports as text: tables and timelines for a terminal, Markdown, CSV, and
// the format of Go's benchmarks.
package text
