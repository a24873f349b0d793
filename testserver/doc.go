// Package testserver is an image server for experiments without a network.
//
// It answers as picsum.photos does, for any host name, over HTTP and HTTPS on one
// address, with latency, jitter and bandwidth as configured. The same seed gives
// the same pictures, redirects and latencies on every run, so that measurements can
// be repeated. A ledger records what clients asked for and what they got.
//
// It also goes wrong in every way that servers are known to: [Faults] lists them.
// The path /fault/NAME/image/7.jpg, any path of the host NAME.fault.test, and
// [Server.FaultAddr] have one fault each. A [faults.Plan] mixes faults into any list
// of images. A fault of connections, which has PerConnection set, needs a client
// that asks for the fault's host in TLS.
package testserver
