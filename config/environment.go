package config

import (
	"slices"
	"strings"
)

const envPrefix = "GRAB_"

// fromEnvironment returns what the variables of environ, each "NAME=value",
// say. An empty variable counts as not set. A list holds one item a line.
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
		env[table[i].name] = given{name: name, texts: texts}
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

func unknownVariable(name string, table []setting) *Error {
	var names []string
	for _, s := range table {
		names = append(names, strings.TrimPrefix(s.env(), envPrefix))
	}
	suggestion := Suggest(strings.TrimPrefix(name, envPrefix), names)
	return &Error{Source: name, Reason: "no such setting" + didYouMean(envPrefix, suggestion)}
}
