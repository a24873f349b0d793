package value

import (
	"fmt"
	"strconv"
	"strings"

	"grab/downloader"
)

// Part is one of several parts of a list. The zero value is the whole list.
type Part struct {
	Number int // from 1
	Of     int

	auto bool // the environment says the rest
}

// maxParts is the largest number of parts.
const maxParts = 1_000_000

// ParsePart parses N/OF, such as 3/10. In place of N, auto asks the environment, which in some
// places knows the number of parts too.
func ParsePart(text string) (Part, error) {
	number, of, divided := strings.Cut(text, "/")
	p := Part{auto: number == "auto"}
	var err error
	if divided {
		p.Of, err = Int(1, maxParts)(of)
	}
	if !p.auto && err == nil {
		p.Number, err = Int(1, max(1, p.Of))(number)
	}
	if err != nil || !divided && !p.auto {
		return Part{}, fmt.Errorf("%q is not a part, such as 3/10, auto/10 or auto", text)
	}
	return p, nil
}

// Resolve asks the environment for what auto leaves open: the variables of Kubernetes
// Indexed Jobs, AWS Batch arrays and Slurm arrays.
func (p *Part) Resolve(environ []string, origin string) error {
	if !p.auto {
		return nil
	}
	p.auto = false
	env := map[string]string{}
	for _, entry := range environ {
		name, value, _ := strings.Cut(entry, "=")
		env[name] = value
	}
	number := func(name string) int {
		n, err := strconv.Atoi(env[name])
		if err != nil {
			return -1
		}
		return n
	}
	known, first := 0, 0 // parts, and the number of the first
	switch {
	case env["JOB_COMPLETION_INDEX"] != "":
		p.Number = number("JOB_COMPLETION_INDEX") + 1
	case env["AWS_BATCH_JOB_ARRAY_INDEX"] != "":
		p.Number, known = number("AWS_BATCH_JOB_ARRAY_INDEX")+1, number("AWS_BATCH_JOB_ARRAY_SIZE")
	case env["SLURM_ARRAY_TASK_ID"] != "":
		p.Number, known, first = number("SLURM_ARRAY_TASK_ID"), number("SLURM_ARRAY_TASK_COUNT"), number("SLURM_ARRAY_TASK_MIN")
		if first != 1 || known < 2 || number("SLURM_ARRAY_TASK_MAX") != known {
			known = 0 // some tasks of an array that run again
		}
	default:
		return downloader.UsageErrorf(origin, "nothing in the environment says which part this is: write it, such as 3/10")
	}
	if p.Of == 0 {
		p.Of = known
	}
	if p.Of < 1 {
		return downloader.UsageErrorf(origin, "the environment does not say how many parts there are: write auto/N")
	}
	if p.Number < 1 || p.Number > p.Of {
		return downloader.UsageErrorf(origin, "the environment says part %d of %d: parts have the numbers 1 to %d", p.Number, p.Of, p.Of)
	}
	return nil
}
