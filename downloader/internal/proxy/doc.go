// Package proxy chooses the proxy of each request, by the options or by the environment.
package proxy
