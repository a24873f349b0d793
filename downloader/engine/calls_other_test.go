//go:build !unix

package engine_test

import "errors"

func makeFIFO(string) error { return errors.ErrUnsupported }

// The tests that kill or stop a child run on Linux only: they find it in /proc.
func killProcess(int) {}

func stopProcess(int) {}
