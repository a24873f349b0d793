package config

import (
	"fmt"
	"os"
	"strconv"
	"strings"

	"github.com/BurntSushi/toml"
	"github.com/urfave/cli/v2"

	"grab/config/setting"
	"grab/config/source"
	"grab/config/value"
)

// Holding returns the settings that hold for `grab config`, whose action got c, and warnings:
// a file of settings that has the same effect. A comment says where each value comes from.
// Defaults are comments, since some hold otherwise than the same value that is set. What has a
// secret is a comment, too, without the secret.
func Holding(c *cli.Context) (text string, warnings []string, err error) {
	return holding(c, os.Environ(), source.UserFile())
}

func holding(c *cli.Context, environ []string, userFile string) (text string, warnings []string, err error) {
	table := Settings()
	flags, err := source.FromFlags(c, setting.Show, table)
	if err != nil {
		return "", nil, err
	}
	env, warnings := source.FromEnvironment(environ, table)
	file, path, err := source.FromFile(flags, env, userFile, table)
	if err != nil {
		return "", nil, err
	}
	if _, _, err := merge(setting.Show, file, env, flags); err != nil {
		return "", nil, err
	}
	var b strings.Builder
	category := ""
	for _, s := range table {
		if s.FlagOnly || s.Category == "Configuration" {
			continue
		}
		if s.Category != category {
			category = s.Category
			b.WriteString("\n# " + category + "\n\n")
		}
		var line, origin string
		if c, ok := flags[s.Name]; ok {
			line, origin = fileLine(s, c.Texts), "flag "+c.Origin
		} else if c, ok := env[s.Name]; ok {
			line, origin = fileLine(s, c.Texts), "environment "+c.Origin
		} else if c, ok := file[s.Name]; ok {
			line, origin = fileLine(s, c.Texts), "file "+quotedPath(path)
		} else {
			line, origin = "# "+s.Name+": "+s.Standard(), "default"
			if s.Kind == setting.Toggle || s.Initial != "" {
				line = "# " + fileLine(s, []string{s.Initial})
			} else if s.Standard() == "" {
				line = "# " + s.Name + ": none"
			}
		}
		fmt.Fprintf(&b, "%s  # %s\n", line, origin)
	}
	return strings.TrimPrefix(b.String(), "\n"), warnings, nil
}

// fileLine returns a setting as a line of a file, or as a comment if it has a secret.
func fileLine(s setting.Setting, texts []string) string {
	hidden := false
	shown := make([]string, len(texts))
	for i, text := range texts {
		shown[i] = withoutSecret(s.Name, text)
		hidden = hidden || shown[i] != text
	}
	var plain any = shown
	if s.Kind != setting.List {
		plain = shown[0]
		if n, err := strconv.ParseInt(shown[0], 10, 64); err == nil && strconv.FormatInt(n, 10) == shown[0] {
			plain = n
		}
	}
	if s.Kind == setting.Toggle {
		plain, _ = value.Bool(texts[0])
	}
	data, err := toml.Marshal(map[string]any{s.Name: plain})
	line := strings.TrimRight(string(data), "\n")
	if err != nil || hidden {
		return "# " + line
	}
	return line
}

// withoutSecret returns a value without passwords.
func withoutSecret(name, text string) string {
	switch name {
	case "header":
		return value.WithoutHeaderSecret(text)
	case "proxy", "list", "referer":
		return value.WithoutUserinfo(text)
	default:
		return text
	}
}

// quotedPath returns a path for a comment, which is one line.
func quotedPath(path string) string {
	if quoted := strconv.Quote(path); quoted != `"`+path+`"` {
		return quoted
	}
	return path
}
