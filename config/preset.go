package config

import (
	"fmt"

	"grab/config/setting"
)

// preset is an experiment whose conditions are fixed.
type preset struct {
	name   string
	lists  []string          // take the place of the arguments
	fixed  map[string]string // values of settings, by name
	rounds string            // the default
}

// presets returns the presets. Their numbers of rounds are the smallest that can
// show a difference between any two contenders of the preset.
func presets() []preset {
	picsum := []string{}
	for i := range 5 {
		picsum = append(picsum, fmt.Sprintf("https://picsum.photos/200/%d", 300+i))
	}
	return []preset{
		{name: "picsum", lists: picsum, rounds: "6",
			fixed: map[string]string{"latency": "1.85s", "n": "3"}},
		{name: "waves", rounds: "5", // without sequential: a round of it takes 100 s and shows nothing new
			fixed: map[string]string{"images": "100", "latency": "1s", "n": "3,100", "modes": "pool"}},
		{name: "cpu", rounds: "7",
			fixed: map[string]string{"images": "64", "latency": "0", "n": "1,2,4,8", "size": "1600x1200", "verify": "decode"}},
		{name: "many", rounds: "6",
			fixed: map[string]string{"images": "10000", "latency": "0", "n": "16", "size": "32x32"}},
	}
}

func presetNames() []string {
	var names []string
	for _, p := range presets() {
		names = append(names, p.name)
	}
	return names
}

// fixes reports whether the preset fixes a setting, and returns its value, which is
// empty for the zero value. It fixes every setting that influences the measurement:
// those that it does not list have their defaults.
func (p *preset) fixes(s setting.Setting) (value string, fixed bool) {
	if value, listed := p.fixed[s.Name]; listed {
		return value, true
	}
	switch s.Name {
	case "local":
		return "true", true
	case "faults", "images", "modes", "n", "verify", "decode-memory", "latency", "jitter", "bandwidth", "seed", "size", "http1", "http2", "durable":
		return s.Initial, true
	}
	return "", false
}
