package live

// phase is how far a request has come. Errors of net/http often do not say it.
type Phase int

const (
	PhaseStart Phase = iota
	PhaseDNS
	PhaseConnect
	PhaseTLS
	PhaseWait
	PhaseBody
	PhaseVerify
	PhasePause // between two attempts
	phaseCount
)

func (p Phase) String() string {
	return [phaseCount]string{"", "look up", "connect", "TLS handshake", "wait for the response", "read body", "check the image", "wait to try again"}[p]
}
