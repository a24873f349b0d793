package compare

import (
	"bufio"
	"os"
	"runtime"
	"strconv"
	"strings"
	"time"

	"grab/downloader/report"
)

// Machine tells what this machine is.
func Machine() report.Machine {
	return report.Machine{OS: runtime.GOOS, Arch: runtime.GOARCH, CPUs: runtime.NumCPU(), CPU: processor(), Go: runtime.Version()}
}

// processor returns the name of the processor's model, or "" where nobody tells.
func processor() string {
	file, err := os.Open("/proc/cpuinfo")
	if err != nil {
		return ""
	}
	defer func() { _ = file.Close() }()
	for lines := bufio.NewScanner(file); lines.Scan(); {
		if key, value, ok := strings.Cut(lines.Text(), ":"); ok && strings.TrimSpace(key) == "model name" {
			return strings.TrimSpace(value)
		}
	}
	return ""
}

// tick is the unit of /proc/stat on every architecture that Go runs on.
const tick = time.Second / 100

// busyTime returns how long all processors of the machine together have been at
// work since it started, or taken away by a host of virtual machines; 0 where
// nobody tells, or where not all of the machine's processors are this program's.
func busyTime() time.Duration {
	data, err := os.ReadFile("/proc/stat")
	if err != nil {
		return 0
	}
	if strings.Count(string(data), "\ncpu") != runtime.NumCPU() {
		return 0
	}
	first, _, _ := strings.Cut(string(data), "\n")
	fields := strings.Fields(first) // cpu user nice system idle iowait irq softirq steal ...
	var busy time.Duration
	for i := 1; i < min(len(fields), 9); i++ {
		if i == 4 || i == 5 {
			continue
		}
		n, _ := strconv.ParseInt(fields[i], 10, 64)
		busy += time.Duration(n) * tick
	}
	return busy
}
