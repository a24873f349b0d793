// Package testserver is an image server for experiments without a network.
//
// It answers as picsum.photos does, for any host name, over HTTP and HTTPS on
// one address, with latency, jitter and bandwidth as configured. The same
// seed gives the same pictures, redirects and latencies on every run, so
// measurements can be repeated; a ledger tells what clients asked for and
// what they got.
//
// It also goes wrong in every way that servers are known to: [Faults] lists
// them. The path /fault/NAME/image/7.jpg, any path of the host NAME.fault.test,
// and [Server.FaultAddr] meet one fault each; a [Plan] mixes faults into any
// list of images. A fault of a host's connections (see [Fault].PerConnection)
// needs a client that asks for that host in TLS.
package testserver
