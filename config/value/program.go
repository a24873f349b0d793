package value

import (
	"errors"
	"fmt"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"grab/downloader"
)

// Program is another program that compare runs.
type Program struct {
	Name    string
	Command string   // as typed, without the name
	Words   []string // of the command
}

// Programs parses the programs to compare with, as COMMAND or NAME=COMMAND. Without a name, it
// is that of the command's file.
func Programs(texts []string) ([]Program, error) {
	var all []Program
	for _, text := range texts {
		p, err := program(text)
		if err != nil {
			return nil, err
		}
		if slices.ContainsFunc(all, func(other Program) bool { return strings.EqualFold(other.Name, p.Name) }) {
			return nil, fmt.Errorf("two programs have the name %s: give them names of their own, such as a=%q", p.Name, text)
		}
		all = append(all, p)
	}
	return all, nil
}

func program(text string) (Program, error) {
	name, rest, found := strings.Cut(text, "=")
	if !found || !isProgramName(name) {
		name, rest = "", text
	}
	words, err := wordsOf(rest)
	if err != nil {
		return Program{}, fmt.Errorf("%q %w", text, err)
	}
	if !strings.Contains(rest, "{list}") {
		return Program{}, fmt.Errorf("%q has no {list}, which stands for the file of URLs", text)
	}
	if name == "" {
		name = strings.TrimSuffix(filepath.Base(words[0]), ".exe")
	}
	if !isProgramName(name) {
		return Program{}, fmt.Errorf("%q cannot be a name of figures and folders: give it one, such as a=%q", name, rest)
	}
	for _, mode := range downloader.Modes() {
		if strings.HasPrefix(strings.ToLower(name), string(mode)) {
			return Program{}, errors.New("no program's name can begin with that of a mode: " + name)
		}
	}
	return Program{name, rest, words}, nil
}

// isProgramName reports whether a folder can have that name, on each system.
func isProgramName(name string) bool {
	return regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]{0,15}$`).MatchString(name) && !strings.HasSuffix(name, ".")
}
