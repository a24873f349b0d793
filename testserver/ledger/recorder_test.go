package ledger

import "testing"

func TestLedgerIsBounded(t *testing.T) {
	var b Recorder
	for range maxRecords + 3 {
		b.Finish(b.Begin(nil, false), Request{Sent: 2})
	}
	l := b.Snapshot()
	if len(l.Requests) != maxRecords || l.Dropped != 3 || l.Total != maxRecords+3 || l.Bytes != 2*(maxRecords+3) {
		t.Errorf("%d records, %d dropped, %d in all, %d bytes", len(l.Requests), l.Dropped, l.Total, l.Bytes)
	}
}

func TestResetForgetsRunningRequests(t *testing.T) {
	var b Recorder
	conn := new(Conn)
	old := b.Begin(conn, true)
	b.Reset()
	if l := b.Snapshot(); l.InFlight != 1 || l.PeakInFlight != 1 || l.Connections != 0 {
		t.Errorf("after the reset: %+v", l)
	}
	b.Finish(old, Request{})
	if l := b.Snapshot(); l.InFlight != 0 || l.Total != 0 {
		t.Errorf("after the end: %+v", l)
	}
}
