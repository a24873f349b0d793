//go:build tools

// Package tools pins what the gate builds and cannot run with go run PACKAGE@VERSION,
// since its own go.mod names a dependency that no longer builds.
package tools

import _ "github.com/timakin/bodyclose"
