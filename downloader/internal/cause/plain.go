package cause

import (
	"errors"
	"net"
	"syscall"
)

// plainError says in one phrase what package net says in several, such as "connection
// refused by 127.0.0.1:9" for "dial tcp 127.0.0.1:9: connect: connection refused". Ports of
// this machine are left out, so that the same failure has the same text in every run.
type plainError struct {
	text  string
	cause error
}

func (e *plainError) Error() string { return e.text }

// Unwrap returns the cause.
func (e *plainError) Unwrap() error { return e.cause }

// plain returns err in plain words, if it is an error of a look-up or a connection.
// Otherwise it returns err itself.
func plain(err error) error {
	if dns, ok := errors.AsType[*net.DNSError](err); ok {
		return &plainError{lookUpText(dns), err}
	}
	op, ok := errors.AsType[*net.OpError](err)
	if !ok || op.Addr == nil || op.Op != "dial" && op.Op != "read" && op.Op != "write" {
		return err
	}
	if text := connectionText(op); text != "" {
		return &plainError{text, err}
	}
	return err
}

func lookUpText(err *net.DNSError) string {
	server := ""
	if err.Server != "" {
		server = " (name server " + err.Server + ")"
	}
	switch {
	case err.IsNotFound:
		return "no such host: " + err.Name + server
	case err.IsTimeout:
		return "no answer to the look-up of " + err.Name + server
	default:
		return "look-up of " + err.Name + " failed: " + err.Err + server
	}
}

// connectionText describes an error of a connection, or returns "" if it is a rare one.
func connectionText(err *net.OpError) string {
	peer := err.Addr.String()
	dialled := err.Op == "dial"
	switch {
	case errors.Is(err, syscall.ECONNREFUSED):
		return "connection refused by " + peer
	case errors.Is(err, syscall.ECONNRESET):
		return "connection reset by " + peer
	case errors.Is(err, syscall.EPIPE):
		return "connection closed by " + peer
	case errors.Is(err, syscall.EHOSTUNREACH), errors.Is(err, syscall.ENETUNREACH):
		return "no route to " + peer
	case err.Timeout() && dialled:
		return "timeout: no connection to " + peer
	case err.Timeout():
		return "timeout: no answer from " + peer
	}
	return ""
}

// opOf returns what was being done when err came up, unless its text says that already.
func opOf(err error, op string) string {
	if dialled, ok := errors.AsType[*net.OpError](err); ok && dialled.Op == "dial" {
		if _, ok := errors.AsType[*plainError](err); ok {
			return ""
		}
	}
	return op
}
