package live

// Phase is how far a request has come. Errors of net/http often do not say that.
type Phase int

// The phases of a request, in their order.
const (
	PhaseStart   Phase = iota // no connection yet
	PhaseDNS                  // the host's name is looked up
	PhaseConnect              // a connection is dialled
	PhaseTLS                  // TLS handshake
	PhaseWait                 // for the response's header
	PhaseBody                 // the body is read
	PhaseVerify               // the image is checked
	PhasePause                // between two attempts
	phaseCount
)

// String returns the phase as error messages name it. It is empty for PhaseStart.
func (p Phase) String() string {
	return [phaseCount]string{"", "look up", "connect", "TLS handshake", "wait for the response", "read body", "check the image", "wait to try again"}[p]
}
