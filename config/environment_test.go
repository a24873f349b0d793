package config

import (
	"slices"
	"testing"
)

// A variable that begins with GRAB_ and is no setting is ignored. A warning says so,
// unless a container platform has set it.
func TestForeignVariables(t *testing.T) {
	for variable, want := range map[string]string{
		"GRAB_MOODE=x":                    "GRAB_MOODE: no such setting, ignored; did you mean GRAB_MODE?",
		"GRAB_ID=x":                       "GRAB_ID: no such setting, ignored",
		"GRAB_TOKEN=secret":               "GRAB_TOKEN: no such setting, ignored",
		"GRAB_PORT=80":                    "GRAB_PORT: no such setting, ignored; did you mean GRAB_PART?",
		"GRAB_EMPTY=":                     "",
		"GRABBER_X=1":                     "",
		"GRAB_SERVICE_HOST=10.0.0.7":      "",
		"GRAB_SERVICE_PORT=8080":          "",
		"GRAB_SERVICE_PORT_HTTP_2=8080":   "",
		"GRAB_PORT=tcp://10.0.0.7:8080":   "",
		"GRAB_PORT_80_TCP=tcp://10.0.0.7": "",
		"GRAB_PORT_53_UDP_ADDR=10.0.0.7":  "",
		"GRAB_PORT_9_SCTP_PROTO=sctp":     "",
		"GRAB_PORT_80_TCP_PORT=80":        "",
		"GRAB_NAME=/web/grab":             "",
		"GRAB_ENV_PATH=/bin":              "",
		// Of services called grab-web and grab-2.
		"GRAB_WEB_SERVICE_HOST=10.0.0.7":      "",
		"GRAB_WEB_PORT=tcp://10.0.0.7:8080":   "",
		"GRAB_2_PORT_8080_TCP=tcp://10.0.0.7": "",
	} {
		cfg, err := run(t, []string{variable, "GRAB_RETRIES=3"}, "urls.txt")
		if err != nil || cfg.Options.Retries != 3 {
			t.Errorf("%s: %d retries, %v", variable, cfg.Options.Retries, err)
			continue
		}
		var warnings []string
		if want != "" {
			warnings = []string{want}
		}
		if !slices.Equal(cfg.Warnings, warnings) {
			t.Errorf("%s: warnings %q, want %q", variable, cfg.Warnings, warnings)
		}
	}
}
