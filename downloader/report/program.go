package report

import (
	"strings"

	"grab/downloader"
)

// WorkersPlaceholder stands for the number of workers in a program's command.
const WorkersPlaceholder = "{n}"

// Program is another program that takes part in a comparison. Its runs and figures have its name
// as their mode. They have no times of single images. Their memory is the largest sum over its
// processes, sampled.
type Program struct {
	Name    string `json:"name"`
	Command string `json:"command"` // as typed
}

// contenders returns the program once for each number of workers, or once with 0 workers if its
// command does not say how many it has.
func (p Program) contenders(workers []int) []Contender {
	if !strings.Contains(p.Command, WorkersPlaceholder) {
		return []Contender{{downloader.Mode(p.Name), 0}}
	}
	var all []Contender
	for _, n := range workers {
		all = append(all, Contender{downloader.Mode(p.Name), n})
	}
	return all
}
