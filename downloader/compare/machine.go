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

// Machine describes this machine.
func Machine() report.Machine {
	return report.Machine{OS: runtime.GOOS, Arch: runtime.GOARCH, CPUs: runtime.NumCPU(), CPU: processor(), Go: runtime.Version()}
}

// processor returns the name of the processor's model, or "" if it is unknown.
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

// busyTime returns the CPU time that all processors of the machine have spent since it started,
// including what the host of a virtual machine took away. It is 0 if unknown, or if this program
// may not use all of the processors.
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
