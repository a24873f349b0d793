package source

import (
	"regexp"
	"slices"
	"strings"

	"grab/config/args"
	"grab/config/setting"
)

// FromEnvironment returns what the variables of environ, each "NAME=value", say. An
// empty variable counts as not set. A variable for a list holds one item per line.
//
// Other programs have variables that begin with GRAB_, too. One that is no setting is
// ignored with a warning, and without one if a container platform has set it.
func FromEnvironment(environ []string, table []setting.Setting) (env Choices, warnings []string) {
	env = Choices{}
	for _, entry := range environ {
		name, value, _ := strings.Cut(entry, "=")
		if !strings.HasPrefix(name, setting.EnvPrefix) || value == "" {
			continue
		}
		i := slices.IndexFunc(table, func(s setting.Setting) bool { return s.Env() == name && !s.FlagOnly })
		if i < 0 {
			if !injected(strings.TrimPrefix(name, setting.EnvPrefix), value) {
				warnings = append(warnings, unknownVariable(name, table))
			}
			continue
		}
		texts := []string{value}
		if table[i].Kind == setting.List {
			texts = nonBlankLines(value)
		}
		env[table[i].Name] = Choice{Origin: name, Texts: texts}
	}
	return env, warnings
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

func unknownVariable(name string, table []setting.Setting) string {
	var names []string
	for _, s := range table {
		names = append(names, strings.TrimPrefix(s.Env(), setting.EnvPrefix))
	}
	suggestion := args.Suggest(strings.TrimPrefix(name, setting.EnvPrefix), names)
	return name + ": no such setting, ignored" + args.DidYouMean(setting.EnvPrefix, suggestion)
}

// injected reports whether a container platform sets the variable, for a service or a
// container whose name begins with "grab". Name is without the prefix. Kubernetes sets
// GRAB_SERVICE_HOST, GRAB_SERVICE_PORT and GRAB_SERVICE_PORT_NAME. It and the links of
// Docker set GRAB_PORT=tcp://…, GRAB_PORT_80_TCP=tcp://… and its _PROTO, _PORT and _ADDR.
// Links also set GRAB_NAME=/… and GRAB_ENV_….
func injected(name, value string) bool {
	form := regexp.MustCompile(`^(.+_)?(SERVICE_HOST|SERVICE_PORT(_.+)?|PORT_[0-9]+_(TCP|UDP|SCTP)(_(PROTO|PORT|ADDR))?|ENV_.+)$`)
	if form.MatchString(name) {
		return true
	}
	name = "_" + name
	return strings.HasSuffix(name, "_PORT") && strings.Contains(value, "://") ||
		strings.HasSuffix(name, "_NAME") && strings.HasPrefix(value, "/")
}
