package help

import (
	"bufio"
	"io"
	"slices"
	"strings"

	"grab/config/setting"
	"grab/config/value"
)

// The last line of what [Complete] writes: which paths the shell is to offer.
const (
	noPaths   = ":none"
	anyPath   = ":files"
	directory = ":folders"
)

// Complete writes what may stand in place of the last of words, for the scripts of `grab
// completion`. Words are those of a command line after the program's name, up to the cursor.
// A line is a candidate, or a candidate, a tab and what it means. After them comes a line
// that says which paths are candidates as well.
func Complete(w io.Writer, words []string, table []setting.Setting) error {
	if len(words) == 0 {
		words = []string{""}
	}
	word := strings.TrimPrefix(words[len(words)-1], `""`) // PowerShell cannot pass an empty word
	line := parsed{table: table}
	for _, word := range words[:len(words)-1] {
		line.read(word)
	}
	out := bufio.NewWriter(w)
	paths := line.complete(word, func(candidate, meaning string) {
		if meaning != "" {
			candidate += "\t" + meaning
		}
		_, _ = out.WriteString(candidate + "\n") // Flush returns the error
	})
	_, _ = out.WriteString(paths + "\n")
	return out.Flush()
}

// parsed is the part of a command line before the word that is completed.
type parsed struct {
	table     []setting.Setting
	command   setting.Subcommand // without a name: grab itself, or not known yet
	arguments int                // without the command
	open      *setting.Setting   // a flag that has no value yet
	ended     bool               // by --
}

func (p *parsed) read(word string) {
	switch {
	case p.open != nil && word == "=": // a word of its own in bash
	case p.open != nil:
		p.open = nil
	case p.ended:
		p.arguments++
	case word == "--":
		p.ended = true
	case len(word) > 1 && word[0] == '-':
		if s := p.flag(word); s != nil && s.Kind != setting.Toggle && !strings.Contains(word, "=") {
			p.open = s
		}
	default:
		i := slices.IndexFunc(setting.Subcommands(), func(d setting.Subcommand) bool { return d.Name == word })
		if i >= 0 && p.command.Name == "" && p.arguments == 0 {
			p.command = setting.Subcommands()[i]
		} else {
			p.arguments++
		}
	}
}

// offers reports whether a flag may be given. One command has all that its settings have.
func (p *parsed) offers(s setting.Setting) bool {
	if p.command.Name == "" {
		return s.Of(setting.Download)
	}
	return s.Of(p.command.Command)
}

// flag returns the setting of a flag, or nil. Before a command, it may be the flag of any.
func (p *parsed) flag(word string) *setting.Setting {
	name, _, _ := strings.Cut(strings.TrimPrefix(word[1:], "-"), "=")
	named := func(s setting.Setting) bool { return s.Name == name || s.Alias == name && name != "" }
	i := slices.IndexFunc(p.table, func(s setting.Setting) bool { return named(s) && p.offers(s) })
	if i < 0 && p.command.Name == "" {
		i = slices.IndexFunc(p.table, named)
	}
	if i < 0 {
		return nil
	}
	return &p.table[i]
}

// complete calls offer for each candidate that begins as word does, and returns which paths
// are candidates.
func (p *parsed) complete(word string, offer func(candidate, meaning string)) (paths string) {
	begins := func(candidate, meaning string) {
		if strings.HasPrefix(candidate, word) {
			offer(candidate, meaning)
		}
	}
	switch {
	case p.open != nil:
		return values(*p.open, strings.TrimPrefix(word, "="), offer)
	case !p.ended && len(word) > 0 && word[0] == '-':
		if flag, value, found := strings.Cut(word, "="); found && len(flag) > 1 {
			if s := p.flag(flag); s != nil {
				return values(*s, value, func(candidate, meaning string) { offer(flag+"="+candidate, meaning) })
			}
			return noPaths
		}
		dash := word[:1+len(word[1:])-len(strings.TrimPrefix(word[1:], "-"))] // one or two, as typed
		for _, s := range p.table {
			if p.offers(s) {
				begins(dash+s.Name, meaning(s.Description()))
			}
		}
		begins(dash+"help", "show help")
		if p.command.Name == "" {
			begins(dash+"version", "print the version")
		}
		return noPaths
	}
	switch p.command.Name {
	case "":
		if p.arguments == 0 && !p.ended {
			for _, d := range setting.Subcommands() {
				begins(d.Name, d.Usage)
			}
		}
		return anyPath
	case "compare", "report":
		return anyPath
	case "status", "check":
		return directory
	case "help":
		if p.arguments == 0 {
			for _, d := range setting.Subcommands() {
				begins(d.Name, d.Usage)
			}
			begins("flags", "all flags of all commands")
		}
	case "completion":
		if p.arguments == 0 {
			for _, name := range shells() {
				begins(name, "")
			}
		}
	}
	return noPaths
}

// values offers the values of a setting that begin as text does: those that the parser knows.
func values(s setting.Setting, text string, offer func(candidate, meaning string)) (paths string) {
	known := []string{"true", "false"}
	if s.Kind != setting.Toggle {
		unknown, _ := s.Set([]string{"\x00"}).(value.UnknownWord)
		known = unknown.Known
	}
	before := ""
	if s.Set([]string{strings.Join(known, ",")}) == nil { // it takes several, separated by commas
		before = text[:strings.LastIndexByte(text, ',')+1]
	}
	for _, value := range known {
		if value = before + value; strings.HasPrefix(value, text) {
			offer(value, "")
		}
	}
	switch placeholder := s.Placeholder(); {
	case len(known) > 0:
	case placeholder == "DIRECTORY":
		return directory
	case placeholder == "FILE", strings.Contains(s.Usage, "or a file"):
		return anyPath
	}
	return noPaths
}

// meaning returns the beginning of a help text, up to its first gap, in one line.
func meaning(usage string) string {
	usage, _, _ = strings.Cut(usage, "; ")
	usage, _, _ = strings.Cut(usage, ", such as ")
	return usage
}
