// Package testserver is an image server for experiments without a network.
//
// It answers as picsum.photos does, for any host name, over HTTP and HTTPS on
// one address, with latency, jitter and bandwidth as configured. The same
// seed gives the same pictures, redirects and latencies on every run, so
// measurements can be repeated; a ledger tells what clients asked for and
// what they got.
package testserver
