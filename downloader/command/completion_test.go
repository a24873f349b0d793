package command

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// completions are the ends of command lines, and what each shell makes of them in a folder
// with a file list.txt and a folder photos.
var completions = [...]struct{ line, want string }{
	{"-mo", "-mode"},
	{"--mod", "--mode"},
	{"compare -mo", "-modes"},
	{"-progress b", "bar"},
	{"-mode=proc", "-mode=process"},
	{"stat", "status"},
	{"status -fai", "-failed"},
	{"completion po", "powershell"},
	{"-cookies li", "list.txt"},
	{"-out ph", "photos"},
	{"-out=ph", "-out=photos"},
	{"status -failed ph", "photos"},
	{"li", "list.txt"},
	{"-timeout li", ""},
	{"-out li", ""}, // no folder
}

// Each shell that is here completes command lines with the script for it.
func TestCompletion(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "list.txt"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(filepath.Join(dir, "photos"), 0o700); err != nil {
		t.Fatal(err)
	}
	for shell, words := range map[string][]string{
		"bash": {"bash", "--norc", "-c", inBash}, "zsh": {"zsh", "-f", "-c", inZsh}, "fish": {"fish", "--no-config", "-c", inFish},
	} {
		t.Run(shell, func(t *testing.T) {
			if _, err := exec.LookPath(shell); err != nil {
				t.Skipf("no %s here", shell)
			}
			var lines []string
			for _, c := range completions {
				lines = append(lines, c.line)
			}
			cmd := exec.Command(words[0], words[1:]...)
			cmd.Dir, cmd.Stderr, cmd.Env = dir, os.Stderr, append(os.Environ(), "CASES="+strings.Join(lines, "\n"))
			out, err := cmd.Output()
			if err != nil {
				t.Fatalf("%v: %s", err, out)
			}
			answers := regexp.MustCompile(`<<(.*?)>>`).FindAllStringSubmatch(string(out), -1)
			if len(answers) != len(lines) {
				t.Fatalf("%d answers to %d lines: %q", len(answers), len(lines), out)
			}
			for i, c := range completions {
				if got := strings.TrimSuffix(answers[i][1], "/"); got != c.want {
					t.Errorf("grab %s: %q, want %q", c.line, got, c.want)
				}
			}
		})
	}
}

// Each of these scripts completes the lines of CASES, and prints what it makes of the last
// word as <<WORD>>, or <<>> if it finds nothing.
const (
	// Bash calls a function, with = as a word of its own.
	inBash = `source <(grab completion bash)
	while read -r line; do
		read -ra COMP_WORDS <<<"grab ${line/=/ = }"
		COMP_CWORD=$((${#COMP_WORDS[@]} - 1)) flag=
		[[ $line == *=* ]] && flag=${COMP_WORDS[COMP_CWORD - 2]}=
		_grab
		echo "<<${COMPREPLY:+$flag}$COMPREPLY>>"
	done <<<"$CASES"`

	// Zsh completes only in a terminal, where a function then shows what has become of the line.
	inZsh = `zmodload zsh/zpty
	zpty shell zsh -f -i
	zpty -w shell 'PS1= PS2= RPS1=; unsetopt beep; autoload -U compinit; compinit -D -u; source <(grab completion zsh)'
	zpty -w shell 'grab() { if [[ $1 == __complete ]]; then command grab "$@"; else print -r -- "<""<${@[-1]}>>"; fi }'
	for line in ${(f)CASES}; do zpty -w -n shell "grab $line"$'\t\n'; done
	zpty -w shell exit
	while zpty -r shell out; do
		for line in ${(f)CASES}; do [[ $out == *"<<${line##* }>>"* ]] && out="<<>>"; done
		print -r -- $out
	done`

	inFish = `source (grab completion fish | psub)
	for line in (string split -- \n $CASES)
		set -l found (complete -C "grab $line" | string split -f 1 -- \t)
		echo "<<$found[1]>>"
	end`
)
