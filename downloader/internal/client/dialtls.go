package client

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
)

// dialTLS connects to address, and does the TLS handshake with the settings of t.
func dialTLS(ctx context.Context, dial dialFunc, t *http.Transport, network, address string) (*tls.Conn, error) {
	conn, err := dial(ctx, network, address)
	if err != nil {
		return nil, err
	}
	config := t.TLSClientConfig.Clone()
	if config.ServerName, _, err = net.SplitHostPort(address); err != nil {
		_ = conn.Close()
		return nil, err
	}
	trackerOf(ctx).Handshake(conn.RemoteAddr())
	limited, cancel := context.WithTimeout(ctx, t.TLSHandshakeTimeout)
	defer cancel()
	secure := tls.Client(conn, config)
	if err := secure.HandshakeContext(limited); err != nil {
		_ = conn.Close()
		if errors.Is(err, context.DeadlineExceeded) && ctx.Err() == nil {
			err = fmt.Errorf("none within %v: %w", t.TLSHandshakeTimeout, os.ErrDeadlineExceeded)
		}
		return nil, err
	}
	return secure, nil
}
