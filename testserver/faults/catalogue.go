// Package faults holds everything that the server can do wrong, each family of
// faults in a file that does not know the others, and the plans that mix them.
package faults

import (
	"slices"
	"strings"

	"grab/testserver/fault"
)

// Domain is where each fault has a host. A request for any path of NAME.fault.test
// has the fault, as has a TLS connection that asks for that name. More labels may
// come before the name: each such host has counts of its own.
const Domain = "fault.test"

// All returns every fault that the server can play, in the order of the catalogue.
// These rows are missing, because no server does what they describe:
//
//   - A37: the client throttles itself.
//   - A47 to A50: name servers.
//   - A80, A152: secrets on the client's side. What it sends is in the ledger.
//   - A141, A146, A147, A148: URLs, which the client's list has to hold.
//   - A151: a link in the client's folder.
//   - A160 to A162: proxies.
//   - A164, A165: many hosts at a time, which are many labels before the
//     host of any fault.
func All() []fault.Fault {
	return slices.Concat(
		cutFaults(), extraFaults(), lengthFaults(), chunkFaults(),
		helloFaults(), statusLineFaults(), headFaults(), interimFaults(),
		timeFaults(), connectionFaults(), handshakeFaults(), certificateFaults(),
		goawayFaults(), frameFaults(), floodFaults(), afterTLSFaults(),
		redirectFaults(), locationFaults(), secretFaults(),
		statusFaults(), retryFaults(),
		resumeFaults(), unsatisfiableFaults(), versionFaults(),
		codingFaults(), typeFaults(), damageFaults(), tailFaults(), bombFaults(), magicFaults(),
		nameFaults(), injectionFaults(),
	)
}

// Catalogue finds faults by name, and by the lower-case ID of a row.
type Catalogue map[string]*fault.Fault

// NewCatalogue returns the catalogue of all faults.
func NewCatalogue() Catalogue {
	c := make(Catalogue)
	for _, f := range All() {
		c[f.Name] = &f
		if id := strings.ToLower(f.ID); c[id] == nil {
			c[id] = &f
		}
	}
	return c
}

// Host returns the fault of a host name, nil if it has none.
func (c Catalogue) Host(name string) *fault.Fault {
	name = strings.ToLower(strings.TrimSuffix(name, "."))
	labels, ok := strings.CutSuffix(name, "."+Domain)
	if !ok {
		return nil
	}
	return c[labels[strings.LastIndexByte(labels, '.')+1:]]
}
