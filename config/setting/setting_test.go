package setting

import "testing"

// One name may stand for two settings of different commands. A command sees only its own.
func TestOtherOf(t *testing.T) {
	table := []Setting{
		{Name: "failed", Commands: Download}, {Name: "failed", Kind: Toggle, Commands: Status}, {Name: "out", Commands: Download},
	}
	for _, test := range []struct {
		row  int
		cmd  Command
		want bool
	}{{0, Download, false}, {1, Download, true}, {0, Status, true}, {1, Status, false}, {0, Check, false}, {2, Status, false}} {
		if got := table[test.row].OtherOf(test.cmd, table); got != test.want {
			t.Errorf("row %d, %s: %v, want %v", test.row, test.cmd, got, test.want)
		}
	}
}
