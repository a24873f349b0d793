package names

import (
	"context"
	"net"
	"testing"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) {
	// net reads its configuration at the first look-up. In a bubble of testing/synctest,
	// it would belong to that bubble.
	_, _ = (&net.Resolver{PreferGo: true}).LookupNetIP(context.Background(), "ip", "localhost")
	goleak.VerifyTestMain(m)
}
