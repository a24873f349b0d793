package config

import (
	"slices"
	"strings"

	"grab/config/args"
	"grab/downloader"
)

// fromEnvironment returns what the variables of environ, each "NAME=value", say. An
// empty variable counts as not set. A variable for a list holds one item per line.
func fromEnvironment(environ []string) (source, error) {
	table := settings(&Config{})
	env := source{}
	for _, entry := range environ {
		name, value, _ := strings.Cut(entry, "=")
		if !strings.HasPrefix(name, envPrefix) || value == "" {
			continue
		}
		i := slices.IndexFunc(table, func(s setting) bool { return s.env() == name })
		if i < 0 {
			return nil, unknownVariable(name, table)
		}
		texts := []string{value}
		if table[i].kind == list {
			texts = nonBlankLines(value)
		}
		env[table[i].name] = choice{origin: name, texts: texts}
	}
	return env, nil
}

func nonBlankLines(text string) []string {
	var lines []string
	for line := range strings.Lines(text) {
		if line = strings.TrimSpace(line); line != "" {
			lines = append(lines, line)
		}
	}
	return lines
}

func unknownVariable(name string, table []setting) error {
	var names []string
	for _, s := range table {
		names = append(names, strings.TrimPrefix(s.env(), envPrefix))
	}
	suggestion := args.Suggest(strings.TrimPrefix(name, envPrefix), names)
	return downloader.UsageErrorf(name, "no such setting%s", didYouMean(envPrefix, suggestion))
}
