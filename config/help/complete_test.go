package help_test

import (
	"slices"
	"strings"
	"testing"

	"grab/config"
	"grab/config/help"
	"grab/config/setting"
)

// The words of a command line, the last of which is completed, and what may stand for it.
func TestComplete(t *testing.T) {
	for line, want := range map[string]string{
		"-mo":                     "-mode :none",
		"--mod":                   "--mode :none",
		"compare -mo":             "-modes :none",
		"-v":                      "-verify -verbose -version :none",
		"-vers":                   "-version :none",
		"-no-":                    "-no-proxy -no-config :none",
		"serve -no-":              "-no-config :none",
		"status -f":               "-failed :none",
		"help -":                  "-help :none",
		"config -rat":             "-rate :none",
		"-mode ":                  "sequential pool process :none",
		"-m p":                    "pool process :none",
		"-mode=p":                 "-mode=pool -mode=process :none",
		"--verify=s":              "--verify=structure :none",
		"-mode = p":               "pool process :none", // as bash breaks words
		"-mode =":                 "sequential pool process :none",
		"compare -modes pool,s":   "pool,sequential :none",
		"-retry-failed dns,dns":   "dns,dns dns,dns-nx :none",
		"-json=":                  "-json=true -json=false :none",
		"-tls-min 1.":             "1.0 1.1 1.2 1.3 :none",
		"-progress b":             "bar :none",
		"-preset w":               "waves :none", // of compare, which may follow
		"-nonsense=":              ":none",
		"-timeout ":               ":none",
		"-cookies c":              ":files",
		"-local -faults ":         ":files",
		"-out ":                   ":folders",
		"-o=d":                    ":folders",
		"check ":                  ":folders",
		"report ":                 ":files",
		"-n 3 co":                 "compare config completion :files",
		"-mode serve st":          "status :files", // serve is the value
		"urls.txt co":             ":files",
		"compare st":              ":files",
		"-- st":                   ":files",
		"-- -m":                   ":files",
		"status -failed ":         ":folders",
		"-failed x comp":          "compare completion :files",
		"serve ":                  ":none",
		"completion ":             "bash zsh fish powershell :none",
		"completion bash ":        ":none",
		"help f":                  "flags :none",
		"help co":                 "compare config completion :none",
		`completion ""`:           "bash zsh fish powershell :none", // as PowerShell writes nothing
		"wor":                     ":files",
		"compare -out = im":       ":folders",
		"-H X-A:y -mode=pool man": "man :files",
	} {
		var b strings.Builder
		if err := help.Complete(&b, strings.Split(line, " "), config.Settings()); err != nil {
			t.Fatal(err)
		}
		var got []string
		for found := range strings.Lines(b.String()) {
			candidate, _, _ := strings.Cut(strings.TrimSpace(found), "\t")
			got = append(got, candidate)
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%q: %q, want %q", line, got, want)
		}
	}
	if err := help.Complete(&strings.Builder{}, nil, config.Settings()); err != nil {
		t.Error(err)
	}
}

// Whatever is offered for a flag is a value that its parser takes.
func TestCompletedValues(t *testing.T) {
	with := 0
	for _, s := range config.Settings() {
		flag := "-" + s.Name + "="
		words := []string{flag}
		if !s.Of(setting.Download) {
			words = []string{first(s), flag}
		}
		var b strings.Builder
		if err := help.Complete(&b, words, config.Settings()); err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(b.String()) {
			candidate, offered := strings.CutPrefix(strings.TrimSpace(line), flag)
			if !offered {
				continue // which paths there may be
			}
			with++
			if err := s.Set([]string{candidate}); err != nil {
				t.Errorf("-%s %s: %v", s.Name, candidate, err)
			}
		}
	}
	if with < 50 {
		t.Errorf("only %d values of all flags", with)
	}
}

// first returns the name of the first subcommand that has the setting.
func first(s setting.Setting) string {
	i := slices.IndexFunc(setting.Subcommands(), func(d setting.Subcommand) bool { return s.Of(d.Command) })
	return setting.SubcommandNames()[i]
}
