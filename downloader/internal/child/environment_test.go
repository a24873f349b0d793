package child

import (
	"slices"
	"strings"
	"testing"
)

// A child gets the settings through its pipe, and none of them in its environment, which
// other programs of the user can read.
func TestEnvironment(t *testing.T) {
	t.Setenv("GRAB_HEADER", "Authorization: secret")
	t.Setenv("GRAB_N", "3")
	t.Setenv("HTTP_PROXY", "http://proxy.test:3128")
	env := childEnv(2)
	if slices.ContainsFunc(env, func(entry string) bool { return strings.HasPrefix(entry, "GRAB_") }) {
		t.Errorf("%q", env)
	}
	if !slices.Contains(env, "HTTP_PROXY=http://proxy.test:3128") {
		t.Error("the proxy is missing")
	}
}
