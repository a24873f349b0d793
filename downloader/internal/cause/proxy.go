package cause

import "fmt"

// ProxyError is a failure or a refusal of a proxy. It names the proxy, since the
// image's host was never asked.
type ProxyError struct {
	Proxy string // host and port, no password
	Err   error
}

func (e *ProxyError) Error() string { return fmt.Sprintf("proxy %s: %v", e.Proxy, plain(e.Err)) }

// Unwrap returns the cause.
func (e *ProxyError) Unwrap() error { return e.Err }
