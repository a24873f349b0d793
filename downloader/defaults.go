package downloader

import (
	"crypto/tls"
	"time"
)

// Defaults returns the options of a run for which nobody chose any: mode pool into
// the directory "images".
func Defaults() Options {
	return Options{
		Mode: Pool, Workers: 16, Dir: "images",
		ConnectTimeout: 10 * time.Second, HeaderTimeout: 30 * time.Second, StallTimeout: 30 * time.Second,
		MinSpeed: 1 << 10, Timeout: 5 * time.Minute, TimeoutGrows: true, Grace: 5 * time.Second,
		Retries: 4, RetryMin: 250 * time.Millisecond, RetryMax: 30 * time.Second, RetryAfterMax: 2 * time.Minute,
		MaxSize: 256 << 20, MaxRedirects: 10, UserAgent: "grab", TLSMin: tls.VersionTLS12,
		Verify: VerifyStructure, MaxPixels: 100_000_000, DecodeMemory: 1 << 30,
	}
}
