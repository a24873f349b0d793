package value

import (
	"fmt"
	"strings"
	"testing"
)

func TestPart(t *testing.T) {
	for _, test := range []struct{ part, environ, want string }{
		{"3/10", "", "3/10"},
		{"1/1", "", "1/1"},
		{"auto/10", "JOB_COMPLETION_INDEX=0", "1/10"},
		{"auto/10", "JOB_COMPLETION_INDEX=9", "10/10"},
		{"auto/10", "JOB_COMPLETION_INDEX=10", "the environment says part 11 of 10"},
		{"auto", "JOB_COMPLETION_INDEX=1", "write auto/N"},
		{"auto", "AWS_BATCH_JOB_ARRAY_INDEX=2 AWS_BATCH_JOB_ARRAY_SIZE=4", "3/4"},
		{"auto", "AWS_BATCH_JOB_ARRAY_INDEX=2", "write auto/N"},
		{"auto", "SLURM_ARRAY_TASK_ID=2 SLURM_ARRAY_TASK_COUNT=4 SLURM_ARRAY_TASK_MIN=1 SLURM_ARRAY_TASK_MAX=4", "2/4"},
		{"auto", "SLURM_ARRAY_TASK_ID=3 SLURM_ARRAY_TASK_COUNT=1 SLURM_ARRAY_TASK_MIN=3 SLURM_ARRAY_TASK_MAX=3", "write auto/N"}, // run again alone
		{"auto/4", "SLURM_ARRAY_TASK_ID=3 SLURM_ARRAY_TASK_COUNT=1 SLURM_ARRAY_TASK_MIN=3 SLURM_ARRAY_TASK_MAX=3", "3/4"},
		{"auto/4", "SLURM_ARRAY_TASK_ID=0 SLURM_ARRAY_TASK_COUNT=4 SLURM_ARRAY_TASK_MIN=0 SLURM_ARRAY_TASK_MAX=3", "part 0 of 4"},
		{"auto/4", "SLURM_ARRAY_TASK_ID=x", "part -1 of 4"},
		{"auto/4", "", "nothing in the environment"},
		{"0/4", "", "is not a part"}, {"5/4", "", "is not a part"}, {"3", "", "is not a part"}, {"/4", "", "is not a part"},
		{"auto/", "", "is not a part"}, {"auto/0", "", "is not a part"}, {"1/0", "", "is not a part"}, {"1/2/3", "", "is not a part"},
	} {
		part, err := ParsePart(test.part)
		if err == nil {
			err = part.Resolve(strings.Fields(test.environ), "-part")
		}
		got := fmt.Sprintf("%d/%d", part.Number, part.Of)
		if err != nil {
			got = err.Error()
		}
		if exact := err == nil; exact && got != test.want || !exact && !strings.Contains(got, test.want) {
			t.Errorf("-part %s with %q: %s, want %s", test.part, test.environ, got, test.want)
		}
	}
}
