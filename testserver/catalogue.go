package testserver

import (
	"grab/testserver/fault"
	"grab/testserver/faults"
)

// FaultDomain is where each fault has a host: see [faults.Domain].
const FaultDomain = faults.Domain

// Faults returns every fault that a server can play: see [faults.All].
func Faults() []fault.Fault { return faults.All() }

// LoadPlan returns a plan for [Options]: see [faults.LoadPlan].
func LoadPlan(fileOrText string) (faults.Plan, error) { return faults.LoadPlan(fileOrText) }
