package machine

import (
	"bytes"
	"fmt"
	"os"
	"strconv"
)

// TreeRSS returns the resident memory of a process and of all processes below it, in bytes. It
// is 0 if the process has ended.
func TreeRSS(pid int) int64 {
	sum := residentOf(pid)
	tasks, err := os.ReadDir(fmt.Sprintf("/proc/%d/task", pid))
	if err != nil {
		return sum
	}
	for _, task := range tasks {
		children, err := os.ReadFile(fmt.Sprintf("/proc/%d/task/%s/children", pid, task.Name()))
		if err != nil {
			continue
		}
		for _, child := range bytes.Fields(children) {
			if pid, err := strconv.Atoi(string(child)); err == nil {
				sum += TreeRSS(pid)
			}
		}
	}
	return sum
}

// residentOf returns the resident memory of one process.
func residentOf(pid int) int64 {
	figures, err := os.ReadFile(fmt.Sprintf("/proc/%d/statm", pid))
	if err != nil {
		return 0
	}
	fields := bytes.Fields(figures) // size resident ..., in pages
	if len(fields) < 2 {
		return 0
	}
	pages, _ := strconv.ParseInt(string(fields[1]), 10, 64)
	return pages * int64(os.Getpagesize())
}
