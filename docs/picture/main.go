// Command picture draws a terminal as an SVG: the text of a screen from standard input, as
// tmux capture-pane prints it, to standard output. Lines that begin with "$ " are commands.
package main

import (
	"bufio"
	"fmt"
	"html"
	"os"
	"strings"
	"unicode/utf8"
)

const (
	advance = 8.4 // width of a character
	leading = 19  // height of a line
	margin  = 16
)

// style is that of a light page and of a dark one: an image follows the reader's choice.
const style = `<style>
text { font: 14px ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace; fill: #1f2328; white-space: pre }
.command { font-weight: bold; fill: #0550ae }
rect { fill: #f6f8fa; stroke: #d0d7de }
@media (prefers-color-scheme: dark) {
text { fill: #e6edf3 } .command { fill: #79c0ff } rect { fill: #161b22; stroke: #30363d }
}
</style>
`

func main() {
	if err := draw(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func draw() error {
	var lines []string
	columns := 0
	in := bufio.NewScanner(os.Stdin)
	for in.Scan() {
		line := strings.TrimRight(in.Text(), " ")
		lines = append(lines, line)
		columns = max(columns, utf8.RuneCountInString(line))
	}
	if err := in.Err(); err != nil {
		return err
	}
	width, height := margin*2+int(advance*float64(columns)), margin*2+leading*len(lines)
	out := bufio.NewWriter(os.Stdout)
	fmt.Fprintf(out, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" width="%[1]d" height="%[2]d" role="img">`+"\n", width, height)
	fmt.Fprintf(out, "<title>%s</title>\n%s", html.EscapeString(strings.Join(lines, "\n")), style)
	fmt.Fprintf(out, `<rect x="0.5" y="0.5" width="%d" height="%d" rx="8"/>`+"\n", width-1, height-1)
	for i, line := range lines {
		if line == "" {
			continue
		}
		class := ""
		if strings.HasPrefix(line, "$ ") {
			class = ` class="command"`
		}
		// The length keeps columns in place, whatever the font.
		fmt.Fprintf(out, `<text x="%d" y="%d" textLength="%.1f"%s>%s</text>`+"\n",
			margin, margin+14+leading*i, advance*float64(utf8.RuneCountInString(line)), class, html.EscapeString(line))
	}
	fmt.Fprintln(out, "</svg>")
	return out.Flush()
}
